"""The words by which a change is known to be material; all in small letters."""

from __future__ import annotations

_COUNTED = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)

NUMBERS = {word: str(value) for value, word in enumerate(_COUNTED)} | {word: str(n) for word, n in _TENS.items()}
NUMBERS |= {f"{ten}-{_COUNTED[one]}": str(n + one) for ten, n in _TENS.items() for one in range(1, 10)}
NUMBERS |= {"hundred": "100", "thousand": "1000", "dozen": "12", "half": "0.5", "once": "1 time", "twice": "2 times"}
ORDINALS = {word: f"{value}." for value, word in enumerate(_ORDINALS, start=1)}

UNITS = ("minute", "hour", "day", "night", "week", "fortnight", "month", "year", "term")
BEFORE_UNITS = (
    "working",
    "calendar",
    "school",
    "clear",
    "full",
    "consecutive",
    "business",
    "further",
    "more",
    "whole",
    "extra",
    "additional",
)
TIMES = (
    *("immediately", "at once", "forthwith", "straight away", "straightaway", "without delay", "without undue delay"),
    *("as soon as possible", "as soon as practicable", "as soon as reasonably practicable", "promptly", "urgently"),
    *("the same day", "same day", "the same working day", "same working day", "next day", "next working day"),
    *("overnight", "hourly", "daily", "weekly", "fortnightly", "monthly", "quarterly", "termly", "half-termly"),
    *("half-yearly", "six-weekly", "six-monthly", "annually", "annual", "yearly", "bi-annually", "biannually"),
)
DUTIES = ("must", "shall", "should", "may", "can", "might", "could", "will", "would")
DUTIES_WITH_TO = (
    *("need", "needs", "ought", "have", "has", "had", "is", "are", "be", "is required", "are required", "be required"),
    *("is expected", "are expected", "is obliged", "are obliged", "is entitled", "are entitled", "is allowed"),
    *("are allowed",),
)
NEGATIONS = (
    *("not", "no", "never", "none", "nor", "neither", "nobody", "no one", "no-one", "nothing", "nowhere", "without"),
    *("unless", "except", "excepting", "excluding", "exception", "exceptions", "exempt", "other than", "only"),
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Who acts, where the text writes it in small letters.
ROLES = (
    *("social worker", "team manager", "line manager", "service manager", "manager", "head teacher", "headteacher"),
    *("teacher", "teaching assistant", "school nurse", "nurse", "midwife", "midwives", "health visitor", "doctor"),
    *("paediatrician", "gp", "general practitioner", "police officer", "police", "foster carer", "key worker"),
    *("lead professional", "lead practitioner", "designated lead", "designated safeguarding lead", "safeguarding lead"),
    *("designated officer", "designated nurse", "designated doctor", "named nurse", "named doctor", "named person"),
    *("independent reviewing officer", "reviewing officer", "conference chair", "chair", "core group", "probation"),
    *("probation officer", "youth worker", "support worker", "family support worker", "personal adviser", "advocate"),
    *("coroner", "court", "employer", "local authority", "council", "county council", "children's services"),
    *("children's social care", "partnership", "board", "hospital", "school", "nursery", "college", "children's home"),
    *("governor", "governing body", "trustee", "director", "head of service", "inspector", "detective", "sergeant"),
    *("solicitor", "interpreter", "guardian", "volunteer", "registered manager", "practitioner", "business unit"),
)
# Words that are no names though they have a capital.
_NO_NAMES = (
    "i no ok mr mrs ms miss mx dr prof sir dame section chapter part appendix annex step stage table figure "
    "the a an this that these those all any each every if when where who what how it he she they we you and or but "
    "in on at by for from to with after before until as see source sources confidence"
)
NO_NAMES = frozenset(_NO_NAMES.split())
