"""A meeting that was held: three agencies, cases that not everybody may know, what was said."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from accounts.models import User, Withholding
from marac.models import Attendance, Conflict, Hearing, MaracCase, Meeting
from tests.factories import marac, victims
from tests.personas import person, team

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """`meeting` began at `at`; its cases were heard for ten minutes each, in their order."""

    meeting: Meeting
    hearings: tuple[Hearing, ...]


def there(
    meeting: Meeting,
    who: str,
    at: datetime,
    left: datetime | None = None,
    *,
    observer: bool = False,
) -> Attendance:
    """Somebody signed the day before and was there from `at`."""
    row = marac.attendance(meeting, person(who), at=at - DAY, observer=observer)
    row.present_at, row.left_at = at, left
    row.save(update_fields=["present_at", "left_at"])
    return row


def case_of(name: tuple[str, str], at: datetime, *, of_year: int = 1990, **about: Any) -> MaracCase:
    """A case of somebody called so."""
    given, family = name
    who = victims.victim(
        given_name=given,
        family_name=family,
        date_of_birth=date(of_year, 3, 14),
        grade="high",
        at=at - 20 * DAY,
    )
    return marac.case(at - 14 * DAY, victim=who, **about)


def held(at: datetime, names: list[tuple[str, str]], **changes: Any) -> Scene:
    """A meeting held at `at` that heard a case of each of these people; chair and coordinator were
    there, and a word of the chair's stands in each case."""
    meeting = marac.under_way(marac.meeting(at, **changes), at)
    there(meeting, "chair", at)
    there(meeting, "coordinator", at)
    hearings = []
    for place, name in enumerate(names):
        began = at + 10 * place * MINUTE
        row = marac.hearing(
            meeting,
            case_of(name, at, of_year=1960 + place),
            state=Hearing.State.CONCLUDED,
            began_at=began,
            ended_at=began + 9 * MINUTE,
        )
        marac.line(row, f"Opened by the chair: {name[1]}.", began + MINUTE, by=person("chair"))
        hearings.append(row)
    meeting.state, meeting.ended_at = Meeting.State.HELD, at + 10 * len(names) * MINUTE
    meeting.save(update_fields=["state", "ended_at"])
    return Scene(meeting, tuple(hearings))


def withhold(hearing: Hearing, at: datetime, **from_whom: Any) -> Withholding:
    """Nothing of the victim may reach this `agency` or `person`."""
    return Withholding.objects.create(
        victim=hearing.victim, reason="Brother", set_by=person("head"), set_at=at, **from_whom
    )


def near(hearing: Hearing, who: str, at: datetime) -> Conflict:
    """Somebody said that they are near to the case."""
    about = {"person": person(who), "declared_by": person(who), "declared_at": at}
    return Conflict.objects.create(hearing=hearing, words="A cousin", **about)


def agency_of(who: str) -> Any:
    row = person(who).team
    assert row is not None
    return row.agency


def anew(who: str) -> User:
    """The person as the next request finds them: what is withheld is read again."""
    person(who)
    return User.objects.get(username=who)


def pages(file: bytes) -> list[str]:
    """The text of each page as a reader copies it, in ordinary letters."""
    read = PdfReader(BytesIO(file)).pages
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in read]


def words(file: bytes) -> str:
    """All of it in one line."""
    return " ".join(" ".join(pages(file)).split())


__all__ = ["DAY", "MINUTE", "Scene", "agency_of", "anew", "case_of", "held", "pages", "team"]
