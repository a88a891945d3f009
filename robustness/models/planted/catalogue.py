"""The planted models by name."""

from __future__ import annotations

from robustness.errors import ModelError, nearest
from robustness.models.planted.cuts import PLANTED_CUTS, CutModel
from robustness.models.planted.flaky import FlakyModel
from robustness.models.planted.spelling import PlantedModel

PLANTED = {
    "robust": "planted: finds the drug in spite of its spelling",
    "fragile": "planted: a misspelled name gets the first drug's answer",
    "abstaining": "planted: a misspelled name gets no answer",
    "look-alikes": "planted: a look-alike in the leaflet gets its answer given",
    "first-option": "planted: takes the first option there is",
    "random": "planted: any drug's answer, the same for the same prompt",
    "slow": "planted: robust, with a pause before every answer",
    "crashing": "planted: fails on a name that it does not know",
    "flaky": "planted: one answer in ten is drawn at random, whatever the spelling",
    **PLANTED_CUTS,
}


def planted_model(spec: str) -> PlantedModel | CutModel:
    """The planted model of a specification such as ``planted:fragile``.

    Raises:
        ModelError: There is no such behaviour.
    """
    name = spec.partition(":")[2]
    if name not in PLANTED:
        raise ModelError("No such planted model", value=name, hint=nearest(name, PLANTED))
    if name == "flaky":
        return FlakyModel()
    return CutModel(name) if name in PLANTED_CUTS else PlantedModel(name)
