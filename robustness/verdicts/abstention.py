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
_TEXT = (
    r"(?:text|leaflet|context|passage|document|excerpt|article|label|source|prompt|question|"
    r"information (?:given|provided)|(?:given|provided) information)"
)
_KNOWLEDGE = r"(?:information|info|data|context|details?|knowledge|evidence|clarification)"
_ADVISER = (
    r"(?:doctor|physician|pharmacist|professional|provider|prescriber|nurse|label|leaflet|clinician|"
    r"specialist|insert|monograph)"
)
_REFUSALS = (
    # The model speaks of what it knows or may do.
    r"\b(?:i|we)(?: am|'m| are|'re)?(?: really| still| so| very| truly| just)?(?:"
    r" sorry\b(?! (?:to hear|for|about|that you)\b)|"
    r" (?:not (?:sure|certain|familiar|aware|able|allowed|qualified|a doctor|in a position|trained|designed|"
    r"permitted|authori[sz]ed|an? (?:medical|health)|a (?:pharmacist|physician|clinician))|unsure|unable|unaware|unfamiliar|uncertain|confused)\b)",
    r"\b(?:i|we)(?: really| honestly| simply| just)? (?:do not|don't|did not|didn't|cannot|can't|can not|could not|couldn't|am not able to|"
    r"will not|won't|would not|wouldn't|must not|should not|shouldn't)\b.{0,30}"
    r"\b(?:know|find|tell|say|answer|provide|give|have|recogni[sz]e|identify|determine|help|confirm|"
    r"understand|see|offer|advise|assist|want|verify|locate|recommend|speculate|guess|comment|respond|feel)\b",
    r"^(?:(?:well|hmm+|um|uh|honestly|sorry|actually)\W+)?(?:don't|cannot|can't|can not|couldn't|could not)"
    r"(?: really)? (?:know|say|tell|answer|determine|find|help|identify|recogni[sz]e|comment)\b",
    r"^do not know\W*$",
    r"\b(?:i|we) (?:don't|do not) (?:think|believe)\b.{0,30}\b(?:exists?|real|valid|known)\b",
    rf"\bi doubt\b.{{0,20}}{_THING}\b.{{0,20}}\bexist",
    r"\bi(?:'d| would)(?: only| just)? be (?:only |just )?guessing\b",
    r"\b(?:i|we) lack\b",
    r"\bi(?: am|'m) (?:drawing a blank|at a loss|stumped)\b",
    r"^i (?:must |will |would |have to |need to )?(?:refrain|abstain|pass|skip)\b",
    rf"\b(?:i|we)(?: \w+ly)?(?: have|'ve)(?: got)? (?:no|never|not)\b.{{0,20}}"
    rf"(?:{_KNOWLEDGE}|record|idea|clue|heard|seen|answer|come across|encountered)",
    r"^(?:(?:well|hmm+|sorry)\W+)?(?:i )?never (?:heard|came across|come across|encountered|seen)\b",
    r"\b(?:i|we)(?:'d| would| must| have to| will| am going to)?(?: respectfully)? "
    r"(?:rather not|prefer not to|decline|refuse)\b",
    r"\b(?:i|we)(?: can| could|'ve| have)? (?:find|found|know|have|see|saw) (?:nothing|no)\b",
    r"\b(?:unfamiliar|unknown|not (?:familiar|known|recogni[sz]able)) to (?:me|us)\b",
    r"\bas an? (?:ai|artificial|language|large language)\b",
    r"\bi(?: am|'m) (?:just |only |merely )?an? (?:ai|artificial|language|large language|chatbot|computer|"
    r"machine|bot|virtual)\b",
    r"\bmy (?:knowledge|training|data|database|sources?|records?|memory|information)\b.{0,25}"
    r"(?:\bnot\b|n't\b|\bno\b|\bnothing\b|\black)",
    r"\b(?:outside|beyond)(?: of)? (?:my|the) (?:scope|knowledge|expertise|abilit|capabilit|area|training|"
    r"remit)",
    r"^i (?:can )?only (?:answer|provide|give|help|discuss|respond)\b",
    r"^(?:sorry|apologies|my apologies)(?:\W*$|[,.!;:]| but\b| i\b)",
    r"^unfortunately,? (?:i|we|there|the|no|this|that)\b",
    r"^(?:i have |sorry\W+)?no (?:idea|clue)\b",
    r"^(?:dunno|idk|beats me|who knows|no comment|pass|skip|skipped|abstain|abstained|null|no_answer)\W*$",
    # The answer is not to be had.
    r"^(?:it is |it's |this is |that is |that's |the answer is |answer: )?(?:currently )?(?:unk|unknown|unclear|"
    r"not known|n/?a|not applicable|not available|not stated|not specified|not mentioned|not given|not "
    r"provided|not found|not listed|not included|not clear|no answer|none|no information|no info|no data|"
    r"unanswerable|undetermined|unspecified|uncertain|not sure|not certain|unsure|cannot answer|can't answer|"
    r"cannot say|inconclusive|not answerable|not determinable|nobody knows|no one knows)"
    r"(?: available| provided| given| found| known| here| question)?"
    r"(?: (?:in|from|by|with|within|based on|according to|about) .{1,60})?\W*$",
    r"^it(?: is|'s| remains) (?:not clear|unclear|not known|unknown) (?:which|what|who|to me|from)\b",
    r"\b(?:question|name|request) (?:is|seems) (?:not clear|unclear|ambiguous|unknown|not recogni[sz]ed)\b",
    r"^(?:the |any )?(?:answer|information|info|data|details?|results?)(?: is| are| was| were)?"
    r" (?:not |un)(?:found|available|provided|given|known|specified|stated|clear|mentioned|certain)\b",
    r"^no (?:match(?:es)?|results?|hits?|answers?|matching \w+)"
    r"(?: (?:was |were |is |are |can be |could be )?(?:found|given|available|returned|known|exists?))?\W*$",
    rf"^not (?:in|part of|within|covered by) (?:the|this|my) (?:{_TEXT}|data|database|sources?|records?)\b",
    r"\b(?:is|are|was|were)(?: not|n't) (?:mentioned|specified|stated|described|listed|discussed|provided|"
    r"included|covered|addressed|recogni[sz]ed|available|clear)(?: (?:anywhere|here|there|at all))?\W*$",
    rf"^the (?:\w+ )?{_THING} is (?:unknown|unfamiliar|unrecogni[sz]ed)\b",
    r"\bthere(?: is|'s|'s just| was) (?:no answer|nothing)\b",
    rf"\b(?:is|are|was|were)(?: not|n't) (?:stated|mentioned|specified|described|named|listed|discussed|given|"
    rf"provided|found|included|covered|addressed|part of|present|available|in)\b.{{0,20}}(?:in|by|here)?\b"
    rf".{{0,12}}\b(?:{_TEXT}|database|sources?|records?|here)\b",
    r"\b(?:does not|doesn't|do not|don't) (?:appear|occur|show up|come up) (?:in|anywhere|here)\b",
    rf"^(?!.*\bif\b).*\b{_TEXT}\b.{{0,20}}\b(?:(?:does not|doesn't|do not|don't|did not|didn't|fails to) (?:\w+ )?(?:say|state|"
    r"mention|specify|contain|give|provide|tell|include|list|describe|discuss|answer|cover|explain|indicate|"
    r"name|have|address|refer|talk|report|define|offer|make|support|supply|identify)|"
    r"says nothing|(?:gives|has|contains|provides|makes|offers|holds) no|lacks|is silent|"
    r"never (?:says|states|mentions)|only (?:covers|mentions|describes|discusses|lists|names|talks))\b",
    r"^(?:it|that|this) (?:does not|doesn't|did not|didn't) (?:say|state|mention|specify|tell)\b",
    rf"(?:\bnot|n't) (?:enough|sufficient|any|provided with) {_KNOWLEDGE}\b",
    rf"\b(?:insufficient|too little|lack of|limited|inadequate) {_KNOWLEDGE}\b",
    rf"\bno (?:further |such |relevant |specific |reliable )?{_KNOWLEDGE}"
    r"(?:\W*$| (?:is|was|are|were|available|provided|given|found|about|on|for|in|regarding|to)\b)",
    rf"\b(?:need|require|want)s?\b.{{0,15}}\b(?:more {_KNOWLEDGE}|clarification)\b",
    rf"\b(?:more|further|additional) {_KNOWLEDGE} (?:is|are|would be) (?:needed|required|necessary)\b",
    r"\bi(?:'d| would)?(?: first)? (?:need|have) to know\b",
    r"\bno (?:mention|record|entry|listing|trace)(?: of\b|\W*$)",
    r"\b(?:error|mistake) in (?:the|that|this|your) (?:\w+ )?(?:name|spelling)\b",
    r"^the (?:\w+ )?(?:name|spelling) (?:is|seems|looks|appears)(?: to be)? (?:incorrect|wrong|invalid)\b",
    r"^nothing (?:is|was|in the|about|on|here|comes)\b",
    r"\b(?:cannot|can't|can not|could not|couldn't) be (?:determined|answered|identified|found|inferred|"
    r"established|verified|confirmed|located|recogni[sz]ed|given|provided)\b",
    r"\b(?:impossible|not possible|unable) to (?:say|tell|answer|determine|know|identify|find|verify|confirm|locate)\b",
    r"^(?:it(?: is|'s) )?(?:difficult|hard) to (?:say|tell|know)\W*$",
    # There is no such drug.
    rf"\bthere(?: is|'s| was| seems to be| appears to be) no (?:such |known |approved |real |marketed )?{_THING}\b",
    rf"\bthere(?: is not|'s not| isn't| does not (?:seem|appear) to be| doesn't (?:seem|appear) to be)"
    rf" (?:an?|any) (?:\w+ )?{_THING}\b",
    r"\b(?:is not|isn't|does not (?:appear|seem) to be|doesn't (?:appear|seem) to be|may not be|is no)"
    r" (?:an? |any )?(?:\w+ )?(?:known|real|recogni[sz]ed|existing|actual|valid|familiar|standard|approved)\b"
    rf".{{0,20}}{_THING}",
    rf"(?:\bnot|n't) an? {_THING} (?:that |which )?(?:i|we|exists?|is (?:known|listed|in))\b",
    rf"\b(?:no|unknown|unrecogni[sz]ed|unfamiliar) (?:such )?{_THING}"
    r" (?:of|by|with|called|named|found|exists|matches|is (?:known|listed))\b",
    r"\b(?:does not|doesn't|did not) (?:(?:seem|appear) to )?(?:exist|match any\w*|match a|correspond to any|ring a bell)\b",
    r"\b(?:fictional|fictitious|invented|made-up|made up|imaginary|nonexistent|non-existent)"
    rf" {_THING}\W*$",
    rf"^(?:it|this|that)(?: {_THING})? may not exist\b",
    rf"^(?:unknown|unrecogni[sz]ed|unfamiliar|no such|not a(?: real| known| valid)?) {_THING}\b",
    rf"\bno such {_THING}\W*$|^no such thing\b",
    r"\bnot (?:something|one) (?:that |which )?i\b",
    r"\b(?:misspelled|misspelt|misspelling of|a typo|spelling (?:error|mistake))\b.{0,60}\?",
    r"\b(?:misspelled|misspelt|misspelling|mistyped|typo|spelling (?:error|mistake))"
    r"(?: (?:in|of) [\w'\" ]{1,40}| here| (?:the|this|that|its|your) [\w' ]{1,30})?\W*$",
    r"\ba (?:typo|misspelling|misspelled form) (?:for|of) [\"'\w-]+(?: [\"'\w-]+)?\W*$",
    r"^(?:the )?spelling (?:is |seems |looks )?(?:unclear|wrong|odd|unfamiliar|incorrect)\b",
    r"^(?:for [\w ]{1,40}\W+)?(?:\w+\W+)?(?:(?:please|kindly|you (?:should|may want to|might want to|could|need to)|"
    r"i(?: would|'d)? (?:recommend|suggest|advise|encourage)(?: that you| you(?: to)?)?|"
    r"(?:it is|it's|it would be) (?:best|better|advisable|important) to|best(?: to)?|you'd better|you had better|it(?: is|'s| would be) (?:safer|safest|wise|wiser) to)\W+)?"
    r"(?:consult|ask|speak|talk|contact|see|check with|refer to|seek|turn to)(?:ing)?\b.{0,60}"
    rf"\b(?:{_ADVISER}s?|(?:medical|professional) advice)"
    r"(?: (?:about|for|regarding|on|before|first|to)(?: [\w']+){0,6})?\W*$",
)
_YOU = (
    r"you (?:may |might |could |probably |perhaps |possibly |actually |really |just |have |had )*"
)
_QUESTIONS = (
    r"\b(?:did|do) you (?:perhaps |maybe |by chance |possibly |instead |actually |really |happen to )?"
    r"(?:mean|intend|want to (?:ask|know|write)|refer|misspell|mistype)\b",
    r"^(?:maybe|perhaps) .{1,60} meant\?",
    r"^[\w-]+ or [\w-]+\?$",
    r"^(?:just )?to (?:check|clarify|confirm|be sure|be clear)\b.*\?",
    r"^(?:pardon(?: me)?|come again|excuse me|huh|what|sorry)\?",
    rf"(?<!if )(?<!when )(?<!whether )(?<!case )\b{_YOU}(?:mean|meant|misspelled|misspelt|mistyped)\b(?!.*: )",
    rf"(?<!if )(?<!when )(?<!whether )(?<!case )\b{_YOU}(?:be|are|were|been) "
    r"(?:asking about|referring to|thinking of|looking for)\b",
    r"\b(?:can|could|would|will) you (?:please |kindly |perhaps )?(?:clarify|confirm|check|specify|repeat|"
    r"rephrase|tell|spell|provide|give|explain|double-check|verify|elaborate|be more specific)\b",
    r"^(?:sorry\W+|but )?(?:please|kindly) (?:clarify|confirm|check|specify|repeat|rephrase|tell me|spell|provide|"
    r"give me|verify|double-check|let me know|be more specific|try again|re-?enter|restate)\b",
    rf"\b(?:which|what) (?:{_THING}|one) (?:do|did|are|is it) (?:you|that you)\b.{{0,20}}"
    r"(?:mean|asking|referring|refer)",
    rf"^(?:sorry\W+|and )?(?:which|what) {_THING}(?: (?:is|was) (?:that|this|it|meant)| exactly)?\W*$",
    r"\b(?:are you|were you) (?:asking about|referring to|thinking of|looking for|sure|certain)\b",
    rf"^is (?:that|this|it) (?:the )?(?:right|correct) {_THING}\b",
    rf"^is (?:that|this|it|the {_THING}) spelled\b",
    r"^what is the (?:correct|right|exact) (?:spelling|name)\b",
)
_REFUSES = re.compile("|".join(f"(?:{pattern})" for pattern in _REFUSALS))
_ASKS_BACK = re.compile("|".join(f"(?:{pattern})" for pattern in _QUESTIONS))
_ECHO = re.compile(r"\S+( \S+)?\?")
"""The name repeated as a question, before what is said of it."""
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
    sentences = [
        " ".join(sentence.split()).strip("\"'*-[](){}<>_ ") for sentence in _SENTENCE.split(text)
    ]
    told = [sentence for sentence in sentences if sentence and not _ECHO.fullmatch(sentence)]
    first = told[0] if told else ""
    return bool(_REFUSES.search(first)) or any(map(_ASKS_BACK.search, sentences))
