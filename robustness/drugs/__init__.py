"""Drugs, their names, look-alikes and the oracle that knows every drug name.

Re-exports only; the work is in the modules of this room.
"""

from robustness.drugs.drug import Drug, LookAlike, load_drugs, load_look_alikes, select_drugs
from robustness.drugs.invented import invented_names
from robustness.drugs.known_names import KnownNames, load_known_names
from robustness.drugs.mentions import Mention, NameFinder, load_finder
from robustness.drugs.tables import table_path, table_versions

__all__ = [
    "Drug",
    "KnownNames",
    "LookAlike",
    "Mention",
    "NameFinder",
    "invented_names",
    "load_drugs",
    "load_finder",
    "load_known_names",
    "load_look_alikes",
    "select_drugs",
    "table_path",
    "table_versions",
]
