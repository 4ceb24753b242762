"""A year is loaded once, again only when asked, or not at all."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import policy
from core.errors import DomainError
from demo import people
from demo.generator import generate
from demo.load import TABLES, Loaded, cast_of, empty, load
from demo.tables import DigestSink
from demo.world import Starts
from incidents.models import Incident
from learning.models import Notice
from tests.demo.a_year import AT, SIZE, definitions
from victims.models import Person

#: Each test runs in a transaction of its own inside that of the year.
pytestmark = pytest.mark.django_db


def digest(seed: int) -> str:
    sink = DigestSink()
    generate(
        sink,
        incidents=120,
        seed=seed,
        at=AT,
        policy=policy.at(AT),
        cast=cast_of(people.establish()),
        starts=Starts(),
    )
    return sink.hexdigest()


def test_the_same_seed_gives_the_same_rows_and_another_others(year: Loaded) -> None:
    assert digest(3) == digest(3)
    assert digest(3) != digest(4)


def test_a_second_year_is_refused_unless_asked_for(year: Loaded) -> None:
    with pytest.raises(DomainError, match="--add"):
        load(incidents=60, seed=8, at=AT)
    assert Incident.objects.count() == SIZE
    load(incidents=60, seed=8, at=AT, add=True)
    assert Incident.objects.count() == SIZE + 60


def disabled_triggers() -> list[tuple[str, str]]:
    """Table and name of each; tests/conftest.py switches those off that refuse TRUNCATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgenabled = 'D' AND NOT tgisinternal ORDER BY 1, 2"
        )
        return [tuple(row) for row in cursor.fetchall()]


def test_replacing_removes_every_case_and_nothing_else(year: Loaded) -> None:
    disabled_by_tests = disabled_triggers()
    assert all(name.startswith("pgtrigger_no_truncate") for _, name in disabled_by_tests)
    load(incidents=60, seed=8, at=AT, replace=True)
    assert Incident.objects.count() == 60
    assert Person.objects.count() < 200
    assert Notice.objects.count() == 3
    assert disabled_triggers() == disabled_by_tests


def test_a_failure_leaves_nothing_behind(year: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    empty()
    monkeypatch.setattr("demo.load.rebuild_tallies", lambda: 1 / 0)
    before = definitions()
    with pytest.raises(ZeroDivisionError):
        load(incidents=60, seed=8, at=AT)
    assert not Incident.objects.exists()
    assert not Person.objects.exists()
    assert definitions() == before


def test_a_broken_reference_is_refused(year: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    empty()

    def with_a_stranger(force: people.Force) -> Any:
        cast = cast_of(force)
        cast.handlers[0].id = 10**9
        return cast

    monkeypatch.setattr("demo.load.cast_of", with_a_stranger)
    with pytest.raises(Exception, match="violates foreign key"), transaction.atomic():
        load(incidents=60, seed=8, at=AT)
    assert not Incident.objects.exists()


def test_production_settings_refuse(monkeypatch: pytest.MonkeyPatch, year: Loaded) -> None:
    monkeypatch.setattr("demo.management.commands.load_demo._is_production", lambda: True)
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", "--no-progress")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--incidents", "0"],
        ["--incidents", "many"],
        ["--as-of", "yesterday"],
        ["--add", "--replace"],
    ],
)
def test_nonsense_is_refused(arguments: list[str], year: Loaded) -> None:
    with pytest.raises(CommandError):
        call_command("load_demo", "--no-progress", *arguments)
    assert Incident.objects.count() == SIZE


def test_every_table_of_a_case_is_known(year: Loaded) -> None:
    """Whoever adds a model that the demo should fill must look at it here."""
    left_out = {
        "CallDraft",
        "Editing",
        "FirstResponseDraft",
        "Instrument",
        "ReferralDay",
        "Sweep",
        "VictimGrant",
        # Made through the services and with the people, beside the year.
        "Duty",
        "Exhibit",
        "Unit",
        # No review of the year found a crime: who tries the demo decides so.
        "CrimeOwed",
        # What follows from custody and time, and what was decided, comes through the services.
        "Breach",
        "Circumstance",
        "CourtDate",
        "CustodyEpisode",
        "CustodyEvent",
        "CustodyFile",
        "DisclosureApplication",
        "ExpectedRelease",
        "GradeJudgement",
        "Handover",
        "ManagementPlan",
        "NotTheSame",
        "Order",
        "OrderBreach",
        "OutsideIdentity",
        "PersonalStatement",
        "ProtectionNotice",
        "ReleaseWatch",
        "SerialRecognition",
        "UnknownAnswer",
        "VictimUpdate",
        # Partners, advisers and what victims thought: `demo.{partners,advising,voice,unit}`.
        "AgencyChannel",
        "AgencyReferral",
        "CaseReview",
        "ChildrenConcern",
        "CourtSupport",
        "Digest",
        "GradeCheck",
        "IdvaCase",
        "Note",
        "Outgoing",
        "OutgoingAttempt",
        "ReferralPause",
        "SchoolNotice",
        "SecondOpinion",
        "SupportNeed",
        "Survey",
        "VictimAccess",
        # Only where more than two people are at odds; the year has none of those.
        "CounterAllegation",
    }
    written = {table.model for table in TABLES}
    for label in (
        "audit",
        "deadlines",
        "victims",
        "incidents",
        "risk",
        "perpetrators",
        "referrals",
    ):
        for model in apps.get_app_config(label).get_models():
            if not model.__name__.endswith(("ChangeEvent", "Event")) or model in written:
                assert model in written or model.__name__ in left_out, model
