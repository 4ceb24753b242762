"""A couple and their incidents without a crime, for the tests of those."""

from datetime import datetime, timedelta
from typing import Any

from incidents.models import Incident, NonCrimeReview
from incidents.services import crimes, response
from tests.factories.incidents import DARREN, SIOBHAN, in_call
from tests.factories.response import attended, findings
from tests.personas import person
from tests.worlds import remembered
from victims.models import Person, Victim


def known_couple(*, swapped: bool = False) -> tuple[Any, ...]:
    """The same two people, as they stood first or the other way round."""
    ids = [
        Person.objects.filter(given_name=one["given_name"]).values_list("pk", flat=True).first()
        for one in (SIOBHAN, DARREN)
    ]
    if None in ids:
        return in_call("victim", **SIOBHAN), in_call("perpetrator", **DARREN)
    first, second = reversed(ids) if swapped else ids
    return in_call("victim", person_id=first), in_call("perpetrator", person_id=second)


@remembered
def attend(at: datetime, **changes: Any) -> Incident:
    """The couple again, an officer there."""
    return attended(at=at, people=changes.pop("people", None) or known_couple(), **changes)


def settle(row: Incident, at: datetime, version: int = 0, **changes: Any) -> None:
    response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(**changes),
        version=version,
        at=at,
    )


@remembered
def non_crime(at: datetime, **changes: Any) -> Incident:
    row = attend(at, **changes)
    settle(row, at + timedelta(hours=1))
    return row


def siobhan() -> Victim:
    return Victim.objects.get(person__given_name="Siobhán")


def decided(at: datetime, **changes: Any) -> NonCrimeReview:
    review = NonCrimeReview.objects.latest("pk")
    said = {"decision": "plan", "words": "Weekly visits.", "version": review.version, **changes}
    actor = said.pop("actor", person("supervisor"))
    return crimes.decide(review_id=review.pk, actor=actor, at=at, **said)
