"""Queries in processes that can be killed: forked from one that holds the data."""

from econsec.engine.workers.failures import (
    DeadlineExceeded,
    DeadlineInQueue,
    MemoryExceeded,
    QueueFull,
    ResultTooLarge,
    TooManyRows,
    WorkerLost,
)
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.pool import Pool, Spend, Statistics
from econsec.engine.workers.reply import Reply
from econsec.engine.workers.worker import Task

__all__ = [
    "DeadlineExceeded",
    "DeadlineInQueue",
    "Limits",
    "MemoryExceeded",
    "Pool",
    "QueueFull",
    "Reply",
    "ResultTooLarge",
    "Source",
    "Spend",
    "Statistics",
    "Task",
    "TooManyRows",
    "WorkerLost",
]
