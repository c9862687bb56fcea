"""Backups: a published generation and the log up to it, in a folder that can prove itself."""

from econsec.engine.backup.checking import Damaged, check, differences
from econsec.engine.backup.inventory import Inventory
from econsec.engine.backup.making import back_up
from econsec.engine.backup.restoring import Restored, restore

__all__ = ["Damaged", "Inventory", "Restored", "back_up", "check", "differences", "restore"]
