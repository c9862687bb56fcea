"""Running data sets, behind one port."""

from econsec.engine.backends.fixed import Fixed
from econsec.engine.backends.in_process import InProcess
from econsec.engine.backends.port import Backend, read_only

__all__ = ["Backend", "Fixed", "InProcess", "read_only"]
