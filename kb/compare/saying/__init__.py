"""Does a sentence say what an entry has on record? Numbers, denials, opposites, and who did what to whom.

`held_against` is the whole interface. What is not certain is UNCLEAR: it is neither affirmed nor accused.
"""

from kb.compare.saying.relation import held_against
from kb.compare.saying.values import UNCLEAR, Relation, Standing

__all__ = ["UNCLEAR", "Relation", "Standing", "held_against"]
