"""Whether an answer is none: the model refuses, says that it does not know, or asks back.

An answer abstains when it is empty, when its first sentence matches a pattern below, or when any sentence
asks back. What comes after an answer ("Please ask your doctor.") takes nothing away from it. The patterns are
about what the model can say ("I do not know", "the text does not mention", "did you mean ...?") and not
about what patients should do: "Do not take it if you are not sure" is an answer.
"""

from __future__ import annotations

import re
import unicodedata

from robustness.verdicts.text import LONGEST

_THING = r"(?:drug|medicine|medication|name|term|word|substance|product|spelling)"
_REFUSALS = (
    # The model speaks of what it knows or may do.
    r"\b(?:i|we)(?: am|'m| are)?(?: really| still)?(?: sorry|"
    r" (?:not (?:sure|certain|familiar|aware|able|allowed|qualified|a doctor|in a position)|unsure|unable|"
    r"unaware|unfamiliar))\b",
    r"\b(?:i|we) (?:do not|don't|did not|didn't|cannot|can't|can not|could not|couldn't|am not able to|"
    r"will not|won't|would not|wouldn't)\b.{0,30}"
    r"\b(?:know|find|tell|say|answer|provide|give|have|recogni[sz]e|identify|determine|help|confirm|"
    r"understand|see|offer|advise|assist|want|verify|locate)\b",
    r"\b(?:i|we) have (?:no|never|not)\b.{0,20}(?:information|knowledge|data|record|idea|heard|seen|answer)",
    r"\bas an? (?:ai|artificial|language|large language)\b",
    r"^(?:sorry|apologies|my apologies)(?:\W*$|[,.!;:]| but\b| i\b)",
    r"^unfortunately,? (?:i|we|there|the|no)\b",
    r"^no idea\b",
    # The answer is not to be had.
    r"^(?:it is |it's |this is |that is |the answer is )?(?:unknown|unclear|not known|n/?a|not applicable|"
    r"not available|not stated|not specified|not mentioned|not given|not provided|not found|no answer|none|"
    r"no information|unanswerable|undetermined|not sure|unsure|cannot answer|can't answer|cannot say)"
    r"(?: available| provided| given| found| known| here)?(?: (?:in|from|by|with|based on) .{1,60})?\W*$",
    r"\b(?:is|are|was)(?: not|n't) (?:stated|mentioned|specified|described|named|listed|discussed|given|"
    r"provided|found|included|covered|in)\b.{0,20}(?:in|by|here)?\b.{0,12}\b(?:text|leaflet|context|"
    r"passage|document|information|database|here)\b",
    r"\b(?:text|leaflet|context|passage|document|information (?:given|provided)|prompt|question)\b.{0,20}"
    r"\b(?:does not|doesn't|do not|don't|says nothing|gives no|has no|contains no|provides no|is silent)\b",
    r"\b(?:not enough|insufficient|no|too little) (?:information|data|context|details?)\b",
    r"\bno (?:mention|record|entry) of\b",
    r"\b(?:cannot|can't|can not|could not|couldn't) be (?:determined|answered|identified|found|inferred|"
    r"established)\b",
    r"\b(?:impossible|not possible|unable) to (?:say|tell|answer|determine|know|identify|find)\b",
    # There is no such drug.
    rf"\bthere (?:is|'s|was|seems to be|appears to be) no (?:such |known |approved )?{_THING}\b",
    rf"\b(?:is not|isn't|does not (?:appear|seem) to be|doesn't (?:appear|seem) to be|may not be|is no)"
    rf" (?:an? |any )?(?:\w+ )?(?:known|real|recogni[sz]ed|existing|actual|valid|familiar|standard)\b.{{0,20}}{_THING}",
    rf"\b(?:no|unknown|unrecogni[sz]ed|unfamiliar) (?:such )?{_THING} (?:of|by|with|called|named|found|exists)\b",
    r"\b(?:does not|doesn't|did not) (?:exist|match any|correspond to any|ring a bell)\b",
    rf"^(?:unknown|unrecogni[sz]ed|unfamiliar|no such) {_THING}\b",
    r"\b(?:misspelled|misspelt|misspelling of|a typo|spelling (?:error|mistake))\b.{0,60}\?",
    r"\b(?:please|you should|i (?:recommend|suggest|advise)(?: that you)?|it is best to) (?:consult|ask|speak|"
    r"talk|contact|see|check with|refer to)\b.{0,60}\b(?:doctor|physician|pharmacist|professional|provider|"
    r"label|leaflet|clinician)\W*$",
)
_QUESTIONS = (
    r"\b(?:did|do) you (?:perhaps |maybe |by chance |possibly )?mean\b",
    r"\b(?:can|could|would|will) you (?:please |kindly )?(?:clarify|confirm|check|specify|repeat|rephrase|"
    r"tell|spell|provide|give|explain|double-check|verify)\b",
    r"^(?:please|kindly) (?:clarify|confirm|check|specify|repeat|rephrase|tell me|spell|provide|give me|verify|"
    r"double-check|let me know)\b",
    rf"\b(?:which|what) {_THING} (?:do|did|are|is it) (?:you|that you)\b.{{0,20}}(?:mean|asking|referring|refer)",
    r"\b(?:are you|were you) (?:asking about|referring to|thinking of|sure)\b",
)
_REFUSES = re.compile("|".join(f"(?:{pattern})" for pattern in _REFUSALS))
_ASKS_BACK = re.compile("|".join(f"(?:{pattern})" for pattern in _QUESTIONS))
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def abstains(answer: str) -> bool:
    """Whether an answer is none.

    >>> abstains("I'm sorry, I don't know that medicine."), abstains("Did you mean metoprolol?")
    (True, True)
    >>> abstains("Do not take it if you are not sure whether you are pregnant.")
    False
    """
    text = unicodedata.normalize("NFKC", answer[:LONGEST]).casefold().replace("\u2019", "'")
    if not any(char.isalnum() for char in text):
        return True
    sentences = [" ".join(sentence.split()).strip("\"'*- ") for sentence in _SENTENCE.split(text)]
    first = next(sentence for sentence in sentences if sentence)
    return bool(_REFUSES.search(first)) or any(map(_ASKS_BACK.search, sentences))
