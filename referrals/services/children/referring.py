"""A referral to children's services: which children, how urgent, what was seen, what is feared."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
import victims.services
from accounts.models import Agency, User
from accounts.roles import Role
from audit import services as audit
from core.errors import InvalidInput
from core.text import clean
from deadlines.models import Notification
from incidents.models import Incident, Involvement
from incidents.seeing import seen_whole
from referrals.models import ChildrenConcern, SchoolNotice, Sharing
from referrals.permissions import can_refer_children
from referrals.services.children.waiting import let_answer_go, wait_for_answer
from referrals.services.sharing.telling import tell
from referrals.services.working import LONGEST_WORDS, one_of
from victims.models import Person, Victim
from victims.services.once import earlier_result, remember

LONGEST_PARENTS = 1_000
What = Sharing.What
#: What children's services need to begin with; the children always.
USUAL = (What.IDENTITY, What.ADDRESS, What.CHILDREN, What.RISK)
#: What can be told with the children.
OFFERED = (What.IDENTITY, What.ADDRESS, What.INCIDENT, What.RISK, What.SAFETY_PLAN)
Urgency = ChildrenConcern.Urgency


@dataclass(frozen=True, kw_only=True)
class Concern:
    """What is said of the children; `children` are people's keys. One more may be named who is not
    on record yet."""

    children: Sequence[int] = ()
    child_name: str = ""
    child_born: date | None = None
    urgency: str
    seen: str
    worry: str
    parents_know: bool
    parents_words: str = ""
    what: Sequence[str] = field(default=USUAL)


@transaction.atomic
def refer_children(
    *,
    victim_id: int,
    agency_id: int,
    concern: Concern,
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> Sharing:
    """Refer children of a victim to children's services, who answer within the policy's days.

    What was said to them before of the same victim is said anew: the new one takes its place.
    Where a child is in danger now the unit's managers are told at once. A form sent twice (`key`)
    is one referral. Raises PermissionDenied, and InvalidInput at the field: also at "agency", for
    one that is not children's services or stands on the victim's register.
    """
    if not can_refer_children(actor):
        raise PermissionDenied("Your role does not refer children.")
    victim = _seen(victim_id, actor)
    said = {"victim": victim.pk, "agency": agency_id, **asdict(concern)}
    earlier = earlier_result(key=key, what="refer children", said=said, actor=actor, at=at)
    if earlier is not None:
        return Sharing.objects.get(pk=earlier)
    concern = _checked(concern)
    agency = Agency.objects.filter(pk=agency_id, kind=Agency.Kind.CHILDREN).first()
    if agency is None:
        raise InvalidInput("Choose which children's services.", field="agency")
    children = _children(victim, concern, actor, at)
    former = _standing(victim, agency)
    sharing = tell(
        victim_id=victim.pk,
        agency_id=agency.pk,
        what=[*dict.fromkeys((*concern.what, What.CHILDREN))],
        children=[child.pk for child in children],
        why=concern.worry,
        basis=Sharing.Basis.SAFEGUARDING_CHILD,
        consent=Sharing.Consent.NOT_NEEDED,
        kind=Sharing.Kind.CHILDREN,
        replaces=former.reference if former else "",
        actor=actor,
        at=at,
    )
    _keep(sharing, concern, children, actor, at)
    if former is not None:
        let_answer_go(
            sharing_id=former.pk, because=f"Said anew in {sharing.reference}", actor=actor, at=at
        )
    wait_for_answer(sharing, actor=actor, at=at)
    if concern.urgency == Urgency.NOW:
        _tell_managers(sharing, at)
    remember(key=key, result=sharing.pk, actor=actor)
    return sharing


def children_of(victim: Victim, reader: User) -> list[Person]:
    """Children on record who were in incidents of this victim, in the order of their names.

    Of two who accuse each other, a child is named to nobody who works for one of them alone.
    """
    incidents = seen_whole(Incident.objects.visible_to(reader), reader)
    named = Involvement.objects.filter(
        role=Involvement.Role.CHILD,
        incident__in=incidents.filter(involvements__victim=victim).values("pk"),
    )
    seen = SchoolNotice.objects.visible_to(reader).filter(victim=victim)
    people = Person.objects.filter(pk__in=named.values("person")) | Person.objects.filter(
        pk__in=seen.values("child")
    )
    return list(people.order_by("given_name", "family_name", "pk"))


def _seen(victim_id: int, actor: User) -> Victim:
    victim = Victim.objects.visible_to(actor).filter(pk=victim_id).first()
    if victim is None:
        raise PermissionDenied("You do not see this victim.")
    # Two who refer at once: the second says it anew, in the place of the first.
    return Victim.objects.select_for_update(no_key=True).get(pk=victim.pk)


def _checked(concern: Concern) -> Concern:
    what = [one_of(What, part, field="what") for part in concern.what]
    seen = clean(concern.seen, field="seen", longest=LONGEST_WORDS, required=True)
    worry = clean(concern.worry, field="worry", longest=LONGEST_WORDS, required=True)
    parents = clean(concern.parents_words, field="parents_words", longest=LONGEST_PARENTS)
    if not concern.parents_know and not parents:
        raise InvalidInput("Say why the parents do not know of it.", field="parents_words")
    return Concern(
        children=tuple(dict.fromkeys(concern.children)),
        child_name=" ".join(clean(concern.child_name, field="child_name", longest=150).split()),
        child_born=concern.child_born,
        urgency=one_of(Urgency, concern.urgency, field="urgency"),
        seen=seen,
        worry=worry,
        parents_know=concern.parents_know,
        parents_words=parents,
        what=what,
    )


def _children(victim: Victim, concern: Concern, actor: User, at: datetime) -> list[Person]:
    """Those chosen, and one newly named. Raises InvalidInput for somebody else's child."""
    known = {child.pk: child for child in children_of(victim, actor)}
    if not known.keys() >= set(concern.children):
        raise InvalidInput("Choose children of this victim's incidents.", field="children")
    found = [known[pk] for pk in concern.children]
    if concern.child_name:
        given, _, family = concern.child_name.partition(" ")
        found.append(_recorded(given, family, concern.child_born, actor, at))
    elif concern.child_born:
        raise InvalidInput("Give a name for the child born then.", field="child_name")
    if not found:
        raise InvalidInput("Choose at least one child, or name one.", field="children")
    return found


def _recorded(given: str, family: str, born: date | None, actor: User, at: datetime) -> Person:
    try:
        return victims.services.record_person(
            given_name=given, family_name=family, date_of_birth=born, actor=actor, at=at
        )
    except InvalidInput as error:
        error.field = "child_born" if error.field == "date_of_birth" else "child_name"
        raise


def _standing(victim: Victim, agency: Agency) -> Sharing | None:
    """What these children's services were told before and may still read."""
    rows = Sharing.objects.filter(
        victim=victim,
        agency=agency,
        kind=Sharing.Kind.CHILDREN,
        referral=None,
        incident=None,
        withdrawn_at=None,
        replaced_by=None,
    )
    return rows.order_by("-pk").first()


def _keep(
    sharing: Sharing, concern: Concern, children: Sequence[Person], actor: User, at: datetime
) -> None:
    """The concern itself, also in what the agency reads."""
    row = ChildrenConcern.objects.create(
        sharing=sharing,
        victim_id=sharing.victim_id,
        urgency=concern.urgency,
        seen=concern.seen,
        worry=concern.worry,
        parents_know=concern.parents_know,
        parents_words=concern.parents_words,
    )
    row.children.set(children)
    parents = "Yes" if concern.parents_know else "No"
    lines = [
        ["How urgent", Urgency(concern.urgency).label],
        ["What was seen and heard", concern.seen],
        ["What is feared", concern.worry],
        ["Parents know of it", ": ".join(filter(None, [parents, concern.parents_words]))],
    ]
    for part in sharing.told:
        if part["part"] == What.CHILDREN:
            part["lines"] = [*part["lines"], *lines]
    sharing.save(update_fields=["told"])
    audit.record(
        actor=actor,
        at=at,
        verb="children.referred",
        headline=f"Children referred to {sharing.agency}"[:300],
        subject=sharing.reference,
        victim_id=sharing.victim_id,
        detail={
            "children": [child.reference for child in children],
            "urgency": concern.urgency,
            "parents_know": concern.parents_know,
        },
        is_grave=concern.urgency == Urgency.NOW,
    )


def _tell_managers(sharing: Sharing, at: datetime) -> None:
    deadlines.services.notify(
        users=User.objects.filter(groups__name=Role.MARU_MANAGER, is_active=True),
        level=Notification.Level.WARNING,
        headline=f"A child is in danger now: {sharing.reference} went to children's services",
        reference=sharing.reference,
        path=reverse("referrals:sharing", args=[sharing.reference]),
        victim_id=sharing.victim_id,
        at=at,
    )
