"""The process for repeated incidents without a crime (inspection report, recommendation 15).

The third of one victim within twelve months, both numbers of force policy, opens a supervisor's
review whatever the grades were. A fourth while it waits is added to it; a fourth after the decision
opens another. A crime that is recorded after all takes its incident out again. A supervisor who
decides that one should have been recorded says which, and its number is owed from then on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Team, User
from audit import services as audit
from core import events, policy
from core.clock import months_before
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.policy import ForcePolicy
from core.text import LONGEST_NARRATIVE, clean
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from incidents.deadlines import CRIME_RECORDED, NON_CRIME_REVIEW
from incidents.events import NonCrimesRepeated
from incidents.models import Crime, CrimeOwed, FirstResponse, Incident, Involvement, NonCrimeReview
from incidents.permissions import may_review_non_crimes
from incidents.services.crimes.counting import fullest_window
from incidents.services.response.rows import read_anew
from victims.models import Victim

Role = Involvement.Role
Decision = NonCrimeReview.Decision


def follow(*, incident_id: int, actor: User, at: datetime) -> None:
    """Open, add to or drop reviews from what the incident says now."""
    if without_crime().filter(pk=incident_id).exists():
        open_where_repeated(incident_id=incident_id, actor=actor, at=at)
    else:
        fall_away_where_fewer(incident_id=incident_id, actor=actor, at=at)


def without_crime() -> QuerySet[Incident]:
    """Incidents that somebody said were no crime, and of which none was recorded."""
    crimes = Crime.objects.filter(incident=OuterRef("pk"))
    return Incident.objects.exclude(non_crime_reason="").filter(~Exists(crimes))


@transaction.atomic
def open_where_repeated(*, incident_id: int, actor: User, at: datetime) -> list[NonCrimeReview]:
    """A review for each victim of this non-crime who has as many of them as policy says.

    The reviews that were opened or added to. The caller asked who may establish a non-crime.
    """
    incident = Incident.objects.get(pk=incident_id)
    ids = incident.involvements.filter(role=Role.VICTIM).values("victim")
    # Held until the end: of two that are established at once, the later one sees both.
    victims = Victim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    reviews = [_follow_victim(incident, victim, actor, at) for victim in list(victims)]
    return [review for review in reviews if review is not None]


def _follow_victim(
    incident: Incident, victim: Victim, actor: User, at: datetime
) -> NonCrimeReview | None:
    rules = policy.at(at)
    counted = counted_with(incident, victim, rules.repeat_months)
    waiting = NonCrimeReview.objects.waiting().filter(victim=victim).select_for_update().first()
    if waiting is not None:
        return _add(waiting, counted, rules, actor, at)
    if len(counted) < rules.non_crime_repeats or _was_decided(incident, victim):
        return None
    return _open(victim, counted, rules, actor, at)


def counted_with(incident: Incident, victim: Victim, months: int) -> list[Incident]:
    """The non-crimes of a victim that lie within so many months together with this one.

    Counted are incidents in which they were a victim, and those in which the same two people stood
    the other way round: who is called the victim depends on who rang.
    """
    around = timedelta(days=31 * months)
    rows = Involvement.objects.filter(
        person=victim.person_id,
        role__in=[Role.VICTIM, Role.PERPETRATOR],
        received_at__gt=months_before(incident.received_at, months),
        received_at__lt=incident.received_at + around,
    ).values_list("incident", "role")
    roles: dict[int, set[str]] = {}
    for incident_id, role in rows:
        roles.setdefault(incident_id, set()).add(role)
    swapped = _swapped(incident, {pk for pk, held in roles.items() if Role.VICTIM not in held})
    ids = {pk for pk, held in roles.items() if Role.VICTIM in held} | swapped
    found = list(without_crime().filter(pk__in=ids).order_by("received_at", "pk"))
    within = set(fullest_window([row.received_at for row in found], incident.received_at, months))
    return [row for row in found if row.received_at in within]


def _swapped(incident: Incident, candidates: set[int]) -> set[int]:
    """Of incidents in which the victim was complained of, those with the other one as victim."""
    others = incident.involvements.filter(role=Role.PERPETRATOR).values("person")
    rows = Involvement.objects.filter(incident__in=candidates, role=Role.VICTIM, person__in=others)
    return set(rows.values_list("incident", flat=True))


def _was_decided(incident: Incident, victim: Victim) -> bool:
    """A first response that is recorded again opens nothing that a supervisor settled."""
    decided = NonCrimeReview.objects.filter(victim=victim).exclude(decision="")
    return decided.filter(incidents_counted__contains=[incident.reference]).exists()


def _open(
    victim: Victim, counted: Sequence[Incident], rules: ForcePolicy, actor: User, at: datetime
) -> NonCrimeReview:
    team = _team_that_reviews(victim, actor)
    review = NonCrimeReview.objects.create(
        victim=victim,
        incident=counted[-1],
        opened_at=at,
        incidents_counted=[row.reference for row in counted],
        basis=_basis(len(counted), rules),
    )
    deadlines.start(
        kind=NON_CRIME_REVIEW,
        subject=review,
        reference=victim.reference,
        victim_id=victim.pk,
        team=team,
        owner=team.supervisor,
        started_at=at,
        actor=actor,
        at=at,
    )
    _record(review, "opened", f"Review of repeated non-crimes opened: {review.basis}", actor, at)
    events.announce(NonCrimesRepeated(review_id=review.pk, victim_id=victim.pk, actor=actor, at=at))
    return review


def _team_that_reviews(victim: Victim, actor: User) -> Team:
    """The responsible team where its supervisor may decide, else the officer's own.

    A victim whom the referral unit is responsible for is not left to somebody who cannot decide.
    """
    for team in (victim.contact_team, actor.team):
        if team and team.supervisor and may_review_non_crimes(team.supervisor):
            return team
    return victim.contact_team


def _add(
    review: NonCrimeReview, found: Sequence[Incident], rules: ForcePolicy, actor: User, at: datetime
) -> NonCrimeReview | None:
    """Another one while the review waits; None where nothing new is among them."""
    known = set(review.incidents_counted)
    if known >= {row.reference for row in found}:
        return None
    rows = list(_still_without_crime({row.reference for row in found} | known))
    review.incidents_counted = [row.reference for row in rows]
    review.incident = rows[-1]
    review.basis = _basis(len(rows), rules)
    _save(review, "incidents_counted", "incident", "basis")
    _record(
        review,
        "added_to",
        f"One more in the review of repeated non-crimes: {review.basis}",
        actor,
        at,
    )
    return review


@transaction.atomic
def fall_away_where_fewer(*, incident_id: int, actor: User, at: datetime) -> None:
    """Take an incident that is no non-crime any more out of the reviews that wait.

    A review with fewer left than policy says falls away, and its deadline with it.
    """
    reference = Incident.objects.values_list("reference", flat=True).get(pk=incident_id)
    waiting = NonCrimeReview.objects.waiting().filter(incidents_counted__contains=[reference])
    for review in waiting.select_for_update(of=("self",)).select_related("victim").order_by("pk"):
        left = list(_still_without_crime(set(review.incidents_counted)))
        if len(left) < policy.at(at).non_crime_repeats:
            _fall_away(review, reference, actor, at)
        elif len(left) < len(review.incidents_counted):
            review.incidents_counted = [row.reference for row in left]
            review.incident = left[-1]
            review.basis = _basis(len(left), policy.at(at))
            _save(review, "incidents_counted", "incident", "basis")
            headline = f"{reference} is no non-crime any more; the review goes on without it"
            _record(review, "taken_from", headline, actor, at)


def _fall_away(review: NonCrimeReview, reference: str, actor: User, at: datetime) -> None:
    review.fell_away_at = at
    _save(review, "fell_away_at")
    reason = f"{reference} is no non-crime any more, so too few remain for a review."
    deadlines.cancel(kind=NON_CRIME_REVIEW, subject=review, actor=actor, at=at, reason=reason)
    _record(review, "fell_away", "Review of repeated non-crimes fell away", actor, at, reason)


@transaction.atomic
def decide(
    *,
    review_id: int,
    decision: str,
    words: str,
    version: int,
    actor: User,
    at: datetime,
    incident: str = "",
    category: str = "",
) -> NonCrimeReview:
    """A supervisor decides what follows from the repetition, with words.

    Where a crime should have been recorded, `incident` (the reference of one that is counted) and
    `category` say which: its number is owed from now on, by the officer who recorded the first
    response, else by the supervisor. The same decision again by the same person changes nothing.
    Raises PermissionDenied, InvalidInput at `decision`, `words`, `incident` or `category`,
    AlreadyTaken where somebody else decided, DomainError where the review fell away, and Stale
    where an incident came to it since it was read.
    """
    rows = NonCrimeReview.objects.select_for_update(of=("self",))
    review = rows.select_related("victim", "decided_by").get(pk=review_id)
    if not may_review_non_crimes(actor):
        raise PermissionDenied("Only supervisors decide on repeated non-crimes.")
    if decision not in Decision.values or decision == Decision.WAITING:
        raise InvalidInput("Choose what follows.", field="decision")
    words = clean(words, field="words", longest=LONGEST_NARRATIVE, required=True)
    if review.decision:
        if (review.decision, review.words, review.decided_by_id) == (decision, words, actor.pk):
            return review
        raise AlreadyTaken(
            f"{review.decided_by} decided already: {review.get_decision_display().lower()}."
        )
    if review.fell_away_at:
        raise DomainError("This review fell away: a crime was recorded after all.")
    if review.version != version:
        raise _stale(review, decision, words)
    owed = _owed(review, incident, category) if decision == Decision.CRIME else None
    review.decision, review.words = decision, words
    review.decided_by, review.decided_at = actor, at
    _save(review, "decision", "words", "decided_by", "decided_at")
    if owed is not None:
        _owe(review, owed, category, actor, at)
    deadlines.meet(kind=NON_CRIME_REVIEW, subject=review, actor=actor, at=at)
    headline = f"Repeated non-crimes reviewed: {review.get_decision_display().lower()}"
    _record(review, "decided", headline, actor, at, words)
    return review


def _owed(review: NonCrimeReview, reference: str, category: str) -> Incident:
    """The incident of which a crime should have been recorded. Raises InvalidInput."""
    if reference not in review.incidents_counted:
        raise InvalidInput("Choose which of the incidents was a crime.", field="incident")
    if category not in Crime.Category.values:
        raise InvalidInput("Choose which crime it was.", field="category")
    return Incident.objects.get(reference=reference)


def _owe(
    review: NonCrimeReview, incident: Incident, category: str, actor: User, at: datetime
) -> None:
    """The crime's number is owed from the decision: before it, nobody knew of a crime."""
    owed = CrimeOwed.objects.create(review=review, incident=incident, category=category)
    response = FirstResponse.objects.filter(incident=incident).select_related("officer__team")
    first = response.first()
    owner = first.officer if first else actor
    deadlines.start(
        kind=CRIME_RECORDED,
        subject=incident,
        reference=incident.reference,
        victim_id=review.victim_id,
        team=owner.team,
        owner=owner,
        started_at=at,
        actor=actor,
        at=at,
    )
    crime = owed.get_category_display().lower()
    audit.record(
        actor=actor,
        at=at,
        verb="incident.crime_owed",
        headline=f"A supervisor decided that a crime should have been recorded: {crime}",
        subject=incident.reference,
        incident_id=incident.pk,
        victim_id=review.victim_id,
        is_grave=True,
        detail={"category": category, "words": review.words, "owner": str(owner)},
    )
    if owner != actor:
        deadlines.notify(
            users=[owner],
            level=Notification.Level.WARNING,
            headline=f"Record the crime, {crime}: {incident.reference}",
            reference=incident.reference,
            path=kinds.get(CRIME_RECORDED).path(incident.reference),
            victim_id=review.victim_id,
            at=at,
        )
    read_anew(incident.pk)


def _stale(review: NonCrimeReview, decision: str, words: str) -> Stale:
    return Stale(
        "The incidents of this review changed since you opened the page. Look at them, and decide "
        "again.",
        theirs={"incidents": ", ".join(review.incidents_counted)},
        yours={"decision": str(Decision(decision).label), "words": words},
        version=review.version,
    )


def _still_without_crime(references: set[str]) -> QuerySet[Incident]:
    """Of these references, what is still a non-crime, oldest first."""
    return without_crime().filter(reference__in=references).order_by("received_at", "pk")


def _basis(count: int, rules: ForcePolicy) -> str:
    return (
        f"{count} incidents without a crime within {rules.repeat_months} months; "
        f"{rules.non_crime_repeats} are reviewed (force policy)"
    )


def _save(review: NonCrimeReview, *names: str) -> None:
    review.version += 1
    review.save(update_fields=[*names, "version"])


def _record(
    review: NonCrimeReview, verb: str, headline: str, actor: User, at: datetime, words: str = ""
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"non_crime_review.{verb}",
        headline=headline,
        subject=review.victim.reference,
        victim_id=review.victim_id,
        incident_id=review.incident_id,
        is_grave=verb in {"opened", "decided"},
        detail={"incidents": review.incidents_counted, "words": words, "basis": review.basis},
    )
