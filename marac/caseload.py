"""Cases as their list, their pages and the API show them: reads only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from accounts.models import User
from deadlines.models import Deadline
from marac import repeats
from marac.models import Hearing, MaracCase, MaracFlag
from marac.permissions import can_decide, can_describe, can_view_conferences
from marac.querysets import CaseQuerySet, attends
from marac.services.cases.telling import DECIDE
from referrals.models import AgencyReferral
from victims import names
from victims.models import Person, Victim

State = MaracCase.State
OVER = (State.NOT_ACCEPTED, State.CLOSED, State.MOVED)


def can_list(user: User) -> bool:
    """Whoever may come to a conference, or refers to one, reads what they may see of its cases."""
    return can_view_conferences(user) or attends(user)


def found(reader: User, said: Mapping[str, Any]) -> CaseQuerySet:
    """The cases that this person may see and the filter asks for; what waits stands first."""
    rows: CaseQuerySet = MaracCase.objects.visible_to(reader)
    show, words = said.get("show") or "open", (said.get("q") or "").strip()
    if show == "proposed":
        rows = rows.filter(state=State.PROPOSED)
    elif show == "to_hear":
        rows = rows.to_hear()
    elif show == "repeats":
        rows = rows.open().filter(criteria__contains=[{"code": "repeat", "is_met": True}])
    elif show == "closed":
        rows = rows.filter(state__in=OVER)
    elif show != "all":
        rows = rows.open()
    if said.get("conference"):
        rows = rows.filter(conference=said["conference"])
    if words:
        rows = rows.filter(_named(words))
    first = Case(When(state=State.PROPOSED, then=Value(0)), default=Value(1))
    return with_people(rows).order_by(first, "-proposed_at", "-pk")


def may_decide(reader: User, case: MaracCase) -> bool:
    """Answers and closes: the coordinator or the chair."""
    return can_decide(reader, case.conference)


def may_describe(reader: User, case: MaracCase) -> bool:
    """Says what the return counts: whoever refers."""
    return can_describe(reader)


def with_people(rows: CaseQuerySet) -> CaseQuerySet:
    return rows.select_related(
        "conference", "victim__person", "perpetrator", "agency", "proposed_by", "decided_by"
    )


def _named(words: str) -> Q:
    """By reference, or by the sound of the victim's or the perpetrator's family name."""
    key = names.family_key(words.split()[-1])
    by_name = Q(victim__person__names__family_key=key) | Q(perpetrator__names__family_key=key)
    by_reference = Q(reference__iexact=words) | Q(victim__reference__iexact=words)
    return by_reference | Q(pk__in=MaracCase.objects.filter(by_name).values("pk"))


def clocks_of(cases: Sequence[MaracCase]) -> dict[int, Deadline]:
    """The running time to answer each, by case. One query."""
    ids = [case.pk for case in cases if case.state == State.PROPOSED]
    if not ids:
        return {}
    rows = Deadline.objects.filter(
        kind=DECIDE, subject_type=MaracCase._meta.label_lower, subject_id__in=ids
    )
    return {row.subject_id: row for row in rows.order_by("pk")}


def lines(cases: Sequence[MaracCase]) -> list[dict[str, Any]]:
    """Each with what it rests on and its time."""
    clocks = clocks_of(cases)
    return [
        {
            "case": case,
            "met": [row for row in case.criteria if row.get("is_met")],
            "clock": clocks.get(case.pk),
        }
        for case in cases
    ]


def page_of(case: MaracCase, reader: User, at: datetime) -> dict[str, Any]:
    """One case: why, by whom, where it was heard, and what is next to do."""
    decides = can_decide(reader, case.conference)
    hearings = Hearing.objects.visible_to(reader).filter(case=case).select_related("meeting")
    sees = Victim.objects.visible_to(reader).filter(pk=case.victim_id).exists()
    flag = MaracFlag.objects.visible_to(reader).standing().filter(case=case).first()
    return {
        "case": case,
        "victim": case.victim,
        "clock": clocks_of([case]).get(case.pk),
        "hearings": list(hearings.order_by("-meeting__starts_at")),
        "may_see_victim": sees,
        "may_decide": decides and case.state == State.PROPOSED,
        "may_close": decides and case.state == State.ACCEPTED,
        "flag": flag,
        "may_end_flag": decides,
        "may_describe": can_describe(reader) and case.is_open,
        "now": at,
    }


def who_may_have_harmed(victim: Victim) -> list[Person]:
    """People on record as having harmed the victim, by name."""
    people = repeats.who_harmed({victim.person_id})
    return list(Person.objects.filter(pk__in=people).order_by("family_name", "given_name", "pk"))


def sent_by(reader: User) -> QuerySet[AgencyReferral]:
    """What the reader's agency referred to the unit, newest first: no other agency's."""
    rows = AgencyReferral.objects.of_agency_of(reader).select_related("referral", "agency")
    return rows.exclude(victim__in=sorted(reader.withheld_victims)).order_by("-sent_at")
