"""What the custody system, prisons and courts tell us: the shape of one message, checked.

One shape for all ways in: the API takes it as JSON, files as columns of the same names, and the
page for recording by hand fills it in. Whatever is not said stays out of `content`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.clock import LOCAL
from core.errors import InvalidInput
from core.text import clean
from perpetrators.models import Conditions, CustodyEvent

Kind = CustodyEvent.Kind

#: The system of what is recorded on our own pages: it has no custody numbers of its own.
HERE = "here"
#: Clocks of two systems differ; what lies further ahead has not happened.
CLOCKS_DIFFER = timedelta(minutes=15)
EARLIEST = datetime(1950, 1, 1, tzinfo=UTC)
EARLIEST_BIRTH = date(1900, 1, 1)
MOST_CONDITIONS = 30
LONGEST_CONDITION = 300

#: Texts and their longest, in characters.
TEXTS = {
    "system": 30,
    "message_id": 100,
    "person_number": 60,
    "person": 16,
    "given_name": 100,
    "family_name": 100,
    "address": 200,
    "postcode": 10,
    "custody_number": 60,
    "episode": 16,
    "incident": 16,
    "investigator": 60,
    "where": 120,
    "offence": 200,
    "listing": 60,
    "court": 120,
    "hearing": 120,
}
INSTANTS = ("happened_at", "bail_until", "hearing_at", "release_at")
DAYS = ("date_of_birth", "release_on")
FLAGS = ("bail_by_court", "bail_ended")

_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Message:
    """One message, checked. Instants are aware and in UTC."""

    #: Which system says so, and what it calls this message: once per system.
    system: str
    message_id: str
    kind: str
    #: When it happened; for what is planned or listed, when that was decided.
    happened_at: datetime
    #: Whom it is about: what that system calls them, our own reference, and their name.
    person_number: str = ""
    person: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    #: Where they say they live: it helps to tell who somebody unknown is.
    address: str = ""
    postcode: str = ""
    #: What that system calls the run from arrest to its end; `episode` is our own reference of it.
    custody_number: str = ""
    episode: str = ""
    #: Our reference of the incident that it came of, where that is known.
    incident: str = ""
    #: The officer in the case, by our user name; a name that nobody here has is kept and ignored.
    investigator: str = ""
    where: str = ""
    offence: str = ""
    bail_until: datetime | None = None
    bail_by_court: bool = False
    #: With "bail-change": bail ended, nothing binds any more.
    bail_ended: bool = False
    conditions: tuple[tuple[str, str], ...] = ()
    #: A hearing: what the court calls it (stays when it moves), when and where.
    listing: str = ""
    hearing_at: datetime | None = None
    court: str = ""
    hearing: str = ""
    #: A planned release: its instant, or only its day.
    release_at: datetime | None = None
    release_on: date | None = None
    content: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def fingerprint(self) -> str:
        """The same for the same content, however it was spelt, ordered or spaced."""
        said = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        """What tells messages apart."""
        return self.system, self.message_id

    @property
    def expected_at(self) -> datetime | None:
        """The earliest instant of a planned release: where only a day is known, its beginning."""
        if self.release_on is not None:
            return datetime.combine(self.release_on, time.min, LOCAL).astimezone(UTC)
        return self.release_at

    @property
    def name(self) -> str:
        """The name as it was said."""
        return f"{self.given_name} {self.family_name}".strip()


NAMES = frozenset(one.name for one in fields(Message)) - {"content"}


def parse(given: Mapping[str, Any], *, at: datetime) -> Message:
    """Check one message that reached us at `at`. Raises InvalidInput at the first wrong field."""
    for name in given:
        if name not in NAMES:
            raise InvalidInput("There is no field of this name.", field=str(name))
    values: dict[str, Any] = {
        name: _text(given.get(name), name, longest) for name, longest in TEXTS.items()
    }
    values["kind"] = _kind(given.get("kind"))
    values |= {name: _instant(given.get(name), name) for name in INSTANTS}
    values |= {name: _day(given.get(name), name) for name in DAYS}
    values |= {name: _flag(given.get(name), name) for name in FLAGS}
    values["conditions"] = _conditions(given.get("conditions"))
    _check(values, at)
    return Message(**values, content=_content(values))


def from_content(content: Mapping[str, Any], *, at: datetime) -> Message:
    """A message as it was kept; it was checked when it came."""
    return parse(content, at=at)


def _check(values: Mapping[str, Any], at: datetime) -> None:
    for name in ("system", "message_id", "happened_at"):
        if not values[name]:
            raise InvalidInput("This is needed.", field=name)
    if not _SYSTEM.fullmatch(values["system"]):
        raise InvalidInput("Small letters, figures and hyphens only.", field="system")
    if values["happened_at"] > at + CLOCKS_DIFFER:
        raise InvalidInput("This lies ahead; say it once it happened.", field="happened_at")
    if not (values["person_number"] or values["person"] or values["family_name"]):
        raise InvalidInput(
            "Say whom it is about: a number, a reference or a name.", field="person_number"
        )
    if values["system"] != HERE and not values["custody_number"]:
        raise InvalidInput(
            "Give the number of the custody record or the sentence.", field="custody_number"
        )
    if values["date_of_birth"] and not EARLIEST_BIRTH <= values["date_of_birth"] <= at.date():
        raise InvalidInput("Nobody was born on that day.", field="date_of_birth")
    _check_kind(values)


def _check_kind(values: Mapping[str, Any]) -> None:
    match values["kind"]:
        case Kind.COURT_DATE if not values["hearing_at"]:
            raise InvalidInput("Say when the hearing is.", field="hearing_at")
        case Kind.COURT_DATE_VACATED if not (values["listing"] or values["hearing_at"]):
            raise InvalidInput("Say which hearing: its number or its time.", field="listing")
        case Kind.RELEASE_PLANNED if not (values["release_at"] or values["release_on"]):
            raise InvalidInput("Say when the release is planned.", field="release_at")
        case Kind.RELEASE_PLANNED if values["release_at"] and values["release_on"]:
            raise InvalidInput("Give a time or only a day, not both.", field="release_on")


def _text(raw: Any, name: str, longest: int) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise InvalidInput("Give text.", field=name)
    text = " ".join(clean(raw, field=name, longest=longest).split())
    return text.lower() if name == "system" else text


def _kind(raw: Any) -> str:
    if raw not in Kind.values:
        known = ", ".join(Kind.values)
        raise InvalidInput(f"There is no kind of this name. Known are: {known}.", field="kind")
    return str(raw)


def _instant(raw: Any, name: str) -> datetime | None:
    if raw in (None, ""):
        return None
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            raw = None
    if not isinstance(raw, datetime):
        raise InvalidInput("Give a time as 2026-11-22T16:10:00+00:00.", field=name)
    if raw.utcoffset() is None:
        raise InvalidInput("Say which offset the time is in: +00:00, or Z.", field=name)
    try:
        instant = raw.astimezone(UTC)
    except OverflowError:
        instant = datetime.max.replace(tzinfo=UTC)
    if not EARLIEST <= instant < datetime(2200, 1, 1, tzinfo=UTC):
        raise InvalidInput("That is no time that can be meant.", field=name)
    return instant


def _day(raw: Any, name: str) -> date | None:
    if raw in (None, ""):
        return None
    if isinstance(raw, str):
        try:
            raw = date.fromisoformat(raw.strip())
        except ValueError:
            raw = None
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise InvalidInput("Give a day as 2026-12-01.", field=name)
    if not EARLIEST_BIRTH <= raw < date(2200, 1, 1):
        raise InvalidInput("That is no day that can be meant.", field=name)
    return raw


_YES, _NO = {"yes", "true", "1"}, {"", "no", "false", "0"}


def _flag(raw: Any, name: str) -> bool:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    said = raw.strip().lower() if isinstance(raw, str) else None
    if said not in _YES | _NO:
        raise InvalidInput("Say yes or no.", field=name)
    return said in _YES


def _conditions(raw: Any) -> tuple[tuple[str, str], ...]:
    """From a list of objects, or from one text: "no_contact: with S.O. | curfew: 21:00-06:00"."""
    if isinstance(raw, str):
        parts = [part.partition(":") for part in raw.split("|") if part.strip()]
        raw = [{"kind": kind.strip(), "words": words.strip()} for kind, _, words in parts]
    if not isinstance(raw or [], list):
        raise InvalidInput("Give a list of conditions.", field="conditions")
    if len(raw or []) > MOST_CONDITIONS:
        raise InvalidInput(f"At most {MOST_CONDITIONS} conditions.", field="conditions")
    return tuple(map(_condition, raw or []))


def _condition(raw: Any) -> tuple[str, str]:
    if not isinstance(raw, dict) or set(raw) - {"kind", "words"}:
        raise InvalidInput("A condition has a kind and words.", field="conditions")
    if raw.get("kind") not in Conditions.values:
        known = ", ".join(Conditions.values)
        raise InvalidInput(f"Kinds of condition are: {known}.", field="conditions")
    words = _text(raw.get("words"), "conditions", LONGEST_CONDITION)
    return str(raw["kind"]), words


def _content(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _kept(value) for name, value in values.items() if value}


def _kept(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{"kind": kind, "words": words} for kind, words in value]
    return value
