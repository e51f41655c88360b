"""How good scores are where the truth is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PRECISION = 0.95


def measured(
    scores: npt.NDArray[np.float64], same: npt.NDArray[np.bool_], true_pairs: int
) -> dict[str, float]:
    """Best F1 over all thresholds, and the highest recall whose precision is at least .95.

    `true_pairs` counts those that were never looked at, too. Equal scores stand or fall together.
    """
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(same[order])
    taken = np.arange(1, len(order) + 1)
    last_of_its_score = np.append(scores[order][1:] != scores[order][:-1], True)[: len(order)]
    precision, recall = right / taken, right / max(true_pairs, 1)
    f1 = 2 * right / (taken + max(true_pairs, 1))
    sure = recall[last_of_its_score & (precision >= PRECISION)]
    return {
        "f1": round(float(f1[last_of_its_score].max(initial=0.0)), 4),
        "recall_at_p95": round(float(sure.max(initial=0.0)), 4),
    }
