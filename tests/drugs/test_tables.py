from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.drugs import load_drugs, select_drugs, table_path
from robustness.drugs.drug import read_drugs, read_look_alikes
from robustness.drugs.known_names import read_known_names
from robustness.errors import InputError
from robustness.misspellings.observed import read_observed

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "name,brands,drug_class,indication,route,form,warning,high_risk_group\n"
GOOD = "metformin,Glucophage,Biguanide,type 2 diabetes,oral,tablet,lactic acidosis,none\n"


def table(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "drugs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_table_is_read(tmp_path: Path) -> None:
    (drug,) = read_drugs(table(tmp_path, HEADER + GOOD))
    assert (drug.name, drug.brands, drug.is_high_risk) == ("metformin", ("Glucophage",), False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["drugs.csv", "empty"]),
        (HEADER, ["no rows"]),
        ("name,brand\n", ["line 1", "Wrong header", "drug_class"]),
        (HEADER + GOOD + "warfarin,Coumadin\n", ["line 3", "2 cells", "8"]),
        (HEADER + GOOD.replace("oral", "orally"), ["line 2", "'route'", "'orally'", "intravenous"]),
        (HEADER + GOOD.replace("none", "some"), ["line 2", "'high_risk_group'", "insulins"]),
        (HEADER + GOOD.replace("metformin", "<b>"), ["line 2", "'name'"]),
        (HEADER + GOOD.replace("type 2 diabetes", ""), ["line 2", "'indication'"]),
        (HEADER + GOOD + GOOD, ["line 3", "twice", "metformin"]),
        (HEADER + '"metformin,Glucophage', ["Malformed CSV"]),
        (b"\xff\xfe\x00bad", ["UTF-8"]),
    ],
)
def test_a_bad_table_names_file_line_column_and_what_is_allowed(
    tmp_path: Path, text: str | bytes, words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        read_drugs(table(tmp_path, text))
    message = str(caught.value)
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


def test_missing_table_and_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such table"):
        read_drugs(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_drugs(tmp_path)


def test_tall_man_letters_must_spell_the_name(tmp_path: Path) -> None:
    path = tmp_path / "lookalikes.csv"
    path.write_text(
        "name,lookalike,tall_man,lookalike_tall_man\nbupropion,buspirone,buPROPion,busPIRONE\n"
        "dopamine,dobutamine,DOPamine,DOBUTamin\n"
    )
    with pytest.raises(InputError, match="line 3"):
        read_look_alikes(path)


def test_observed_distance_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "misspellings.csv"
    path.write_text("misspelling,intended,distance,source,reports\nmetfromin,metformin,2,faers,1\n")
    with pytest.raises(InputError, match="1 edits"):
        read_observed(path)


def test_names_table_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,kind,substance\nx y,nickname,x\n")
    with pytest.raises(InputError, match="'kind'"):
        read_known_names(path)


def test_select_by_generic_or_brand_and_unknown() -> None:
    chosen = select_drugs(["Coumadin", " METFORMIN "], load_drugs())
    assert [drug.name for drug in chosen] == ["metformin", "warfarin"]
    with pytest.raises(InputError, match="Did you mean 'metformin'"):
        select_drugs(["metfromin"], load_drugs())


def test_unknown_table() -> None:
    with pytest.raises(InputError, match="not found"):
        table_path("nonsense")
