"""Refusals, questions back and real answers, in the words that models use.

`phrasings.csv` holds further ones in batches, each written before the patterns were tried on it. At first
sight they found 38 of the 92 in the second batch that are none, 49 of 101 in the third, 77 of 102 in the
fourth and 50 of 57 in the fifth; after each they were mended.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustness.verdicts import abstains

NONE = """
I don't know.
I do not know what metfromin is.
I'm sorry, I don't know that medicine.
I'm not sure what drug you are referring to.
I am not familiar with a medication called losinopril.
I'm not aware of any drug by that name.
I cannot answer this question.
I can't answer that based on the text.
I could not find any information about this drug.
I couldn't find that drug in the leaflet.
I was asked about a drug, but I cannot identify it.
I am unable to provide medical advice.
I'm unable to identify this medication.
I do not have any information on this product.
I don't have enough information to answer.
I have no information about that name.
I have never heard of this medicine.
I have no idea.
We do not recognise this name.
I won't give dosing advice.
I don't recognize "warfrin".
I didn't understand the question.
As an AI language model, I cannot give medical advice.
As an AI, I am not qualified to recommend drugs.
Sorry, that drug is not in my database.
Sorry!
Unfortunately, I can't help with that.
My apologies, but I did not find it.
No idea.
Unknown
unknown.
It is unknown.
N/A
n/a
None.
Not applicable
Not stated.
Not mentioned in the leaflet.
Not specified in the text
Not available
Not given in the passage.
no answer
Unanswerable
The drug is not mentioned in the passage.
This is not stated in the leaflet.
The indication isn't given in the text.
The leaflet does not mention this drug.
The text doesn't say what it is for.
The context says nothing about it.
The passage provides no answer.
There is not enough information to say.
Insufficient information.
There is no mention of this drug.
It cannot be determined from the text.
The answer can't be inferred.
It is impossible to say.
There is no such drug.
There is no known medication called zelotiril.
That is not a recognized drug name.
This does not appear to be a real medicine.
Zelotiril is not a known drug.
No drug by that name exists.
No such medicine.
Unknown drug.
This name does not match any approved medicine.
Did you mean metformin?
Do you perhaps mean warfarin?
Did you mean hydralazine or hydroxyzine?
Could you please clarify which drug you mean?
Can you check the spelling?
Could you provide more details?
Please clarify.
Please check the spelling of the name.
Please provide the correct name of the drug.
Which drug do you mean?
What medication are you referring to?
Are you asking about metoprolol?
Are you sure about the spelling?
Please consult your pharmacist.
You should ask your doctor.
I recommend that you ask a pharmacist.
Losinopril? Did you mean lisinopril?
I see. Which drug do you mean?
""".strip().splitlines()
SAID = """
It is used for type 2 diabetes.
high blood pressure
Do not take it if you are not sure whether you are pregnant.
It should not be used in patients with unknown kidney function.
Bleeding; ask your doctor before taking aspirin with it.
The label warns of unknown long-term effects on the fetus.
No dose adjustment is needed.
Not for intravenous use.
Not to be chewed.
none of the heparins, it is a vitamin K antagonist
It is not an opioid but a nonsteroidal anti-inflammatory drug.
Never take it with alcohol.
There is a risk of sudden death.
There is no generic version, the brand is Eliquis.
There is no antidote, so watch for bleeding.
Tell your doctor if you have liver disease.
Patients should consult a doctor if a rash appears, because it can be life-threatening.
Do you have asthma? Then it is not for you: it narrows the airways.
It is for people who cannot swallow tablets.
It is given when other drugs could not control the seizures.
It helps people who can't sleep.
The drug does not cure the disease but relieves its symptoms.
It has no effect on viruses.
By mouth, once daily.
oral
Zithromax
500 mg three times daily
unstable angina
fever of unknown origin
pain that is not controlled by other medicines
Its mechanism is unknown, but it treats epilepsy.
The exact mechanism is not known; it is an anticonvulsant.
It is not recommended in pregnancy.
It is not used for type 1 diabetes but for type 2 diabetes.
You cannot drive after taking it: it causes sleepiness.
Patients who did not respond to methotrexate
Check the blood count every week.
Please take it with food.
Check with food labels: it contains lactose.
Vitamin K Antagonist
An unclear mechanism, but an effective antidepressant.
no
yes
Information for patients: it may cause dizziness.
It does not contain sugar.
It is not addictive.
The name comes from Latin; it is an antibiotic.
It may not be stopped abruptly.
Sorry patients often ask: it treats gout.
Nausea and vomiting
It means that the heart beats too slowly: bradycardia.
Used when the diagnosis is clear.
Prevents what doctors call deep vein thrombosis.
I take it for my heart, and it lowers blood pressure.
I think it is a beta blocker.
I believe it treats high cholesterol.
I would say hypertension.
I know it as an antihistamine.
It is given in the hospital.
For adults who are not able to take tablets
Do not use it with unknown herbal products.
as an adjunct to diet
Not more than 4 g per day.
unknown cause of fever
It is used as a sedative, not a painkiller.
It can help you sleep.
The tablet is a white, oval one.
Could raise the blood pressure.
Would be given under the skin.
Are used for infections of the lung.
It is used for high blood pressure. Please consult your doctor.
Beta blocker. I do not have further information on this drug.
A stimulant. The leaflet does not mention its side effects.
""".strip().splitlines()


PHRASINGS = list(
    csv.DictReader(
        Path(__file__).with_name("phrasings.csv").read_text(encoding="utf-8").splitlines()
    )
)


@pytest.mark.parametrize("batch", ["second", "third", "fourth", "fifth"])
def test_further_phrasings(batch: str) -> None:
    rows = [row for row in PHRASINGS if row["batch"] == batch]
    missed = [row for row in rows if abstains(row["text"]) != (row["label"] == "none")]
    assert len(missed) <= 0.03 * len(rows), missed


def test_there_are_enough_of_both() -> None:
    assert len(set(NONE)) >= 60
    assert len(set(SAID)) >= 60


@pytest.mark.parametrize("text", NONE)
def test_no_answer(text: str) -> None:
    assert abstains(text)
    assert abstains(f"  {text.upper()}  ")
    assert abstains(text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"))


@pytest.mark.parametrize("text", SAID)
def test_an_answer(text: str) -> None:
    assert not abstains(text)


@pytest.mark.parametrize("text", ["", "  ", "...", "\n", "\N{HORIZONTAL ELLIPSIS}"])
def test_nothing_is_no_answer(text: str) -> None:
    assert abstains(text)


@given(st.text(max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert isinstance(abstains(text), bool)


def test_a_long_text_is_looked_at_quickly() -> None:
    assert not abstains("it is not a " * 200_000)
