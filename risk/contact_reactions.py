"""What it means for the risk that a victim was spoken with."""

from core.clock import local
from core.events import when
from risk import services
from victims.events import VictimReached
from victims.models import Contact


@when(VictimReached, then="whoever had gone quiet has not any more: that reason falls away")
def silence_is_over(event: VictimReached) -> None:
    reached_at = Contact.objects.values_list("at", flat=True).get(pk=event.contact_id)
    there = local(reached_at)
    services.end_silence(
        victim_id=event.victim_id,
        reached_at=reached_at,
        because=f"Reached on {there.day} {there:%b %Y}",
        actor=event.actor,
        at=event.at,
    )
