"""Whether a child is of school age on a day, as far as is known."""

import re
from dataclasses import dataclass
from datetime import date

from core.policy import ForcePolicy
from victims.at_a_glance import age_on
from victims.models import Person

_AGE_LAST = re.compile(r"^(?P<name>.*\D)[\s,(]+(?P<age>\d{1,2})\)?\s*$", re.DOTALL)


def may_be_of_school_age(child: Person, day: date, rules: ForcePolicy) -> bool:
    """Whether the child is, or may be: a birth year leaves two ages, and nothing leaves all."""
    age = age_on(day, child)
    if age is not None:
        return is_school_age(age, rules)
    if child.birth_year is None:
        return True
    turning = day.year - child.birth_year
    return is_school_age(turning, rules) or is_school_age(turning - 1, rules)


def is_school_age(age: int, rules: ForcePolicy) -> bool:
    """Within the ages that policy names, both included."""
    return rules.school_youngest <= age <= rules.school_oldest


def age_words(child: Person, day: date) -> str:
    """ "6"; "about 6" where only the year is known; blank where nothing is."""
    age = age_on(day, child)
    if age is not None:
        return str(age)
    return f"about {day.year - child.birth_year}" if child.birth_year else ""


@dataclass(frozen=True)
class SeenChild:
    """A child whom officers named without a record: "Ella, 6"."""

    name: str
    age: int | None


def seen_child(words: str) -> SeenChild:
    """The name, and the age where it stands last."""
    found = _AGE_LAST.match(words)
    if found is None:
        return SeenChild(words.strip(" ,"), None)
    return SeenChild(found["name"].strip(" ,("), int(found["age"]))
