"""EconSec: a linked-data knowledge graph of economic security, and its service."""

__version__ = "0.1.0"
