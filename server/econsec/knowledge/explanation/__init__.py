"""Why a designation is valid or not, in a few plain sentences, in English and Japanese."""

from econsec.knowledge.explanation.explaining import explain
from econsec.knowledge.explanation.judging import explain_all, explain_in, is_evidence, things_of

__all__ = ["explain", "explain_all", "explain_in", "is_evidence", "things_of"]
