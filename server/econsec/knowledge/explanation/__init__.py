"""Why a designation is valid or not, in a few plain sentences, in English and Japanese."""

from econsec.knowledge.explanation.explaining import explain
from econsec.knowledge.explanation.judging import explain_in, things_of
from econsec.knowledge.explanation.record import Explanation

__all__ = ["Explanation", "explain", "explain_in", "things_of"]
