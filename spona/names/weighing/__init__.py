"""How strongly two records speak for one person, and which of their parts says what.

`weigh` gives a `Waterfall`: bars in bits, which with the prior make the score exactly. A person
decides what it means; nothing here merges anything. Pure Python.
"""

from spona.names.weighing.bars import Bar, Waterfall, one_in, probability_of, weigh
from spona.names.weighing.levels import Feature, Level
from spona.names.weighing.rarity import Frequency, bits, counted, shared_by
from spona.names.weighing.traits import Birth, Precision, Traits
from spona.names.weighing.weights import Weights, shipped

__all__ = [
    "Bar",
    "Birth",
    "Feature",
    "Frequency",
    "Level",
    "Precision",
    "Traits",
    "Waterfall",
    "Weights",
    "bits",
    "counted",
    "one_in",
    "probability_of",
    "shared_by",
    "shipped",
    "weigh",
]
