"""People, addresses and victims for tests, made through the services as everybody else's are."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Team, User
from tests.personas import person as persona
from tests.personas import team as team_of
from tests.worlds import remembered
from victims import services
from victims.models import Address, Person, SafeContact, Victim

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@remembered
def address(
    line: str = "Flat 4, 18 Tanglewood Court", postcode: str = "PE1 9ZZ", **more: Any
) -> Address:
    """The address of that spelling."""
    return services.address_for(line=line, postcode=postcode, **more)


@remembered
def person(
    given_name: str = "Siobhán",
    family_name: str = "O'Neill",
    date_of_birth: date | None = date(1991, 3, 14),
    *,
    at: datetime = AT,
    actor: User | None = None,
    **more: Any,
) -> Person:
    """Somebody on record; `number`, `address`, `sex`, `language` as the service takes them."""
    return services.record_person(
        given_name=given_name,
        family_name=family_name,
        date_of_birth=date_of_birth,
        actor=actor or persona("handler"),
        at=at,
        **more,
    )


@remembered
def victim(
    who: Person | None = None,
    *,
    team: Team | None = None,
    at: datetime = AT,
    actor: User | None = None,
    grade: str = "",
    **about: Any,
) -> Victim:
    """A victim's record, with a grade if one is named; `about` describes a person not yet made."""
    actor = actor or persona("handler")
    who = who or person(at=at, **about)
    team = team or team_of("response")
    row = services.victim_for(person=who, area=team.area, team=team, at=at, actor=actor)
    if grade:
        services.set_grade(
            victim_id=row.pk,
            grade=grade,
            reason="Strangulation; threats to kill",
            actor=actor,
            at=at,
        )
        row.refresh_from_db()
    return row


@remembered
def safe_contact(
    of: Victim, *, actor: User | None = None, at: datetime = AT, version: int = 0, **changes: Any
) -> SafeContact:
    """A safe contact by text message, unless `changes` says otherwise."""
    said: dict[str, Any] = {
        "method": "text",
        "number": "07700 900417",
        "hours": "09:30-14:30",
        "code_word": "library",
        "may_leave_voicemail": False,
        "notes": "",
    }
    return services.record_safe_contact(
        victim_id=of.pk,
        **{**said, **changes},
        actor=actor or persona("officer"),
        at=at,
        version=version,
    )
