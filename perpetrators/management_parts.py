"""What recognitions and plans add to the pages of a person complained of and of a victim."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from accounts.models import User
from perpetrators import parts
from perpetrators.models import SerialRecognition
from perpetrators.pages import management as pages
from perpetrators.permissions import can_manage_perpetrator, can_view_custody
from victims import panels
from victims.models import Person, Victim


def serial_of_person(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """How many unconnected victims, and which other records are probably theirs."""
    row, apart = pages.recognition_of(person), pages.set_apart_from(person)
    if row is None and not apart:
        return None
    return {
        "row": row,
        "alike": pages.alike_of(row),
        "apart": apart,
        "may_manage": can_manage_perpetrator(reader),
    }


def plan_of_person(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """The plan in short; missing where it is owed."""
    plan = pages.plan_of(person)
    is_owed = plan is None and pages.recognition_of(person) is not None
    if plan is None and not is_owed and not can_manage_perpetrator(reader):
        return None
    shown = pages.measures_of(plan, at)
    return {
        "plan": plan,
        "is_owed": is_owed,
        "open": [one for one in shown if one.done is None],
        "may_manage": can_manage_perpetrator(reader),
    }


def complained_of_by_others(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """Who harmed this victim and others too: how many, never whom. One query."""
    rows = SerialRecognition.objects.listed().filter(
        pk__in=victim.serial_perpetrators.through.objects.filter(victim=victim).values(
            "serialrecognition"
        )
    )
    found = [
        (row.person, number - 1, row.basis)
        for row, number in (
            (row, getattr(row, "all_victims"))  # noqa: B009
            for row in rows.select_related("person").annotate(all_victims=Count("victims"))
        )
    ]
    if not found:
        return None
    return {"people": found, "polices": can_view_custody(reader)}


HERE = "perpetrators/management"
parts.register("main", 5, f"{HERE}/of_person.html", plan_of_person)
parts.register("aside", 5, "perpetrators/serial/of_person.html", serial_of_person)
panels.register("aside", 25, "perpetrators/serial/of_victim.html", complained_of_by_others)
