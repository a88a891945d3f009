from __future__ import annotations

import pytest

from robustness.statistics import holm


def test_against_holms_procedure_by_hand() -> None:
    p_values = [0.03, 0.001, 0.2, 0.011]
    adjusted, largest = {}, 0.0
    for rank, p in enumerate(sorted(p_values)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p))
        adjusted[p] = largest
    assert holm(p_values) == pytest.approx([adjusted[p] for p in p_values])
    assert holm([]) == []
