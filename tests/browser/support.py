"""What an adviser does for a client, what victims thought of it, and from whom a record is kept."""

from datetime import datetime, timedelta

from referrals import services
from referrals.models import IdvaCase, Survey
from referrals.services.voice.asking import digest_of
from tests.factories.referrals import an_agency
from tests.personas import person, team
from victims.models import Victim
from victims.services import withhold, write_note

HOUR = timedelta(hours=1)


def worked_on(case: IdvaCase, now: datetime) -> None:
    """Two needs, one of them met; a hearing to come; a look at the risk; a note for advisers."""
    adviser = person("idva")
    met = services.add_need(
        case_id=case.pk, kind="housing", words="New locks", actor=adviser, at=now
    )
    services.settle_need(need_id=met.pk, state="met", outcome="Fitted.", actor=adviser, at=now)
    services.add_need(case_id=case.pk, kind="safety", words="A light", actor=adviser, at=now)
    services.plan_court(
        case_id=case.pk,
        court="family",
        hearing_at=now + 240 * HOUR,
        about="Non-molestation order",
        measures=["screen"],
        actor=adviser,
        at=now,
    )
    services.review_case(
        case_id=case.pk,
        would_be="high",
        safety="same",
        words="He has a key to the back door.",
        actor=adviser,
        at=now,
    )
    write_note(
        victim_id=case.victim_id,
        words="Wants to decide herself when to say so.",
        kept_among="advocates",
        actor=adviser,
        at=now,
    )


def asked_what_they_thought(to_ask: Victim, given: Victim, now: datetime) -> str:
    """One to be asked by the unit, and one with a link, whose secret this gives."""
    secret = "given-in-a-contact"
    for victim, about in ((to_ask, Survey.About.ADVISER), (given, Survey.About.POLICE)):
        row = Survey(victim=victim, about=about, team=team("maru"))
        row.closed_at = row.opened_at = now - HOUR
        row.due_at = now + 24 * HOUR
        if victim == given:
            row.state, row.link_digest = Survey.State.LINK_GIVEN, digest_of(secret)
            row.link_until = now + 24 * HOUR
        row.save(force_insert=True)
    return secret


def kept_apart(victim: Victim, now: datetime) -> dict[str, int]:
    """An officer's note for the police, and an agency to which nothing of the victim goes."""
    note = write_note(
        victim_id=victim.pk,
        words="Her statement is with the prosecutor.",
        kept_among="police",
        actor=person("officer"),
        at=now,
    )
    row = withhold(
        victim_id=victim.pk,
        agency_id=an_agency("Weir Lane School", "education").pk,
        reason="His sister works there",
        actor=person("manager"),
        at=now,
    )
    return {"note_id": note.pk, "withholding_id": row.pk}
