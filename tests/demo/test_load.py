"""A small year in the database: whole, true to the services' rules, and fit to be worked on."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import Q

from accounts.models import User
from core import policy
from core.errors import DomainError
from core.references import Kind
from core.working_time import Clock
from deadlines import kinds
from deadlines.models import Deadline, Escalation, Notification
from deadlines.sweep import sweep
from demo import people
from demo.generator import generate
from demo.load import TABLES, Loaded, cast_of, empty, load
from demo.tables import DigestSink, Table
from demo.world import Starts
from incidents import grading
from incidents.history.look_up import earlier_of
from incidents.models import Crime, Incident, Involvement
from incidents.services.calls import CallDetails, log_call
from incidents.services.people import PersonInCall
from learning.models import Notice
from referrals.models import Referral, ReferralDay
from risk import due, grades
from risk.instruments import questionnaire
from risk.models import Assessment, AssessmentReview, GradeChange
from tests.demo.a_year import AT, SAMPLE, SIZE, definitions
from victims import addresses, names
from victims.matching import candidates
from victims.models import Address, Marker, Person, PersonName, Victim

#: Each test runs in a transaction of its own inside that of the year.
pytestmark = pytest.mark.django_db


def foreign_keys() -> list[tuple[Table, str, type[models.Model]]]:
    return [
        (table, field.column, field.related_model)
        for table in TABLES
        for field in table.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


def test_no_row_refers_to_nothing(year: Loaded) -> None:
    for table, column, target in foreign_keys():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table.name}" t LEFT JOIN "{target._meta.db_table}" r '
                f'ON r.id = t."{column}" WHERE t."{column}" IS NOT NULL AND r.id IS NULL'
            )
            assert cursor.fetchone() == (0,), (table, column)


def test_every_value_is_one_that_its_field_takes(year: Loaded) -> None:
    for table in TABLES:
        rows = list(table.model._default_manager.order_by("pk")[:: max(1, SIZE // 40)])
        assert rows, table
        for row in rows:
            blank = [
                field.name
                for field in row._meta.concrete_fields
                if getattr(row, field.attname) in (None, "", [], {})
            ]
            row.clean_fields(exclude=blank)


def test_counts_are_those_told(year: Loaded) -> None:
    assert year.incidents == Incident.objects.count() == SIZE
    assert year.crimes == Crime.objects.count() == round(SIZE * 2_927 / 11_000)
    for table in TABLES:
        assert year.rows[table.name] == table.model._default_manager.count()


def test_the_screens_are_alive(year: Loaded) -> None:
    assert set(Incident.objects.values_list("state", flat=True)) == set(Incident.State.values)
    assert set(Assessment.objects.values_list("state", flat=True)) == set(Assessment.State.values)
    assert set(Referral.objects.values_list("state", flat=True)) == set(Referral.State.values)
    assert set(AssessmentReview.objects.values_list("decision", flat=True)) == set(
        AssessmentReview.Decision.values
    )
    assert Referral.objects.open().filter(due_at__lt=AT).exists()
    assert Referral.objects.open().filter(claimed_by__username="worker").exists()
    assert Incident.objects.open().filter(deployments__officer__username="officer").exists()
    assert Marker.objects.filter(kind="emergency").exists()
    assert ReferralDay.objects.exists()


def test_people_recur(year: Loaded) -> None:
    victims = Involvement.objects.filter(role="victim")
    assert victims.values("person").distinct().count() < 0.9 * SIZE
    shared = (
        Involvement.objects.filter(role="perpetrator")
        .values("person")
        .annotate(victims=models.Count("incident__involvements__victim", distinct=True))
        .filter(victims__gt=1)
    )
    assert shared.exists()
    assert Person.objects.annotate(spelt=models.Count("names")).filter(spelt__gt=1).exists()
    assert Person.objects.annotate(homes=models.Count("residences")).filter(homes__gt=1).exists()


# --- True to the rules of the services ------------------------------------------------------------


def test_people_are_of_an_age_for_their_part(year: Loaded) -> None:
    """Nobody is born after the call; adults are of age, children are not."""
    ages: dict[str, list[float]] = {}
    parts = Involvement.objects.filter(person__date_of_birth__isnull=False).select_related("person")
    for part in parts:
        assert part.person.date_of_birth is not None
        lived = part.received_at.date() - part.person.date_of_birth
        ages.setdefault(part.role, []).append(lived.days / 365.2425)
    assert min(ages["victim"]) >= 15 and max(ages["victim"]) < 90
    assert min(ages["perpetrator"]) >= 15 and max(ages["perpetrator"]) < 90
    assert min(ages["child"]) >= 0 and max(ages["child"]) < 18


def test_assessments_suggest_what_the_rules_suggest(year: Loaded) -> None:
    rules = policy.at(AT)
    for row in Assessment.objects.exclude(state="draft").select_related("incident", "instrument")[
        :SAMPLE
    ]:
        escalates = due.escalates(row.incident, row.victim_id, rules)
        suggestion = grades.suggest(questionnaire(row.instrument), row.answers, escalates, rules)
        assert row.yes_count == suggestion.yes_count
        assert (row.suggested_grade, row.suggested_reasons) == (
            suggestion.grade,
            list(suggestion.reasons),
        ), row.reference


def test_the_reason_for_an_assessment_is_the_rules_own(year: Loaded) -> None:
    rules = policy.at(AT)
    # Roles that a counter-allegation added came after the reason was given.
    rows = Assessment.objects.filter(incident__crimes__isnull=True).exclude(
        incident__first_response__counter_allegation="yes", victim__involvements__recognised_by=""
    )
    for row in rows.select_related("incident", "victim")[:SAMPLE]:
        assert row.due_because == due.due_because(row.incident, row.victim, rules), row.reference


def test_responses_are_graded_as_the_control_room_would(year: Loaded) -> None:
    rules = policy.at(AT)
    marked = Marker.objects.filter(words__contains="conference").values("address")
    rows = Incident.objects.exclude(address__in=marked).filter(earlier_in_year=0)
    for row in rows.order_by("received_at")[:SAMPLE]:
        suggestion = grading.suggest(
            row.answers, grading.HistoryFacts(), rules, call_dropped=row.call_dropped
        )
        assert row.suggested_grade == suggestion.grade, row.reference
        assert row.suggested_reasons == list(suggestion.reasons), row.reference
        assert row.officers_advised == suggestion.officers


def test_repeats_are_counted_as_the_look_up_counts_them(year: Loaded) -> None:
    for row in Incident.objects.order_by("-earlier_in_year", "-received_at")[:SAMPLE]:
        parties = row.involvements.filter(role__in=["victim", "perpetrator"])
        people_ids = list(parties.values_list("person", flat=True))
        assert row.earlier_in_year == earlier_of(
            person_ids=people_ids, months=12, before=row.received_at
        ), row.reference


def test_keys_are_those_of_real_rows(year: Loaded) -> None:
    for name in PersonName.objects.all()[:SAMPLE]:
        assert name.family_key in (names.family_keys(name.family_name) or ("",))
        assert name.given_key == names.given_key(name.given_name)
    for address in Address.objects.all()[:SAMPLE]:
        assert address.key == addresses.key(address.line, address.postcode)
        assert address.building_key == addresses.building_key(address.line, address.postcode)


def test_a_name_of_two_surnames_has_the_rows_that_a_call_would_write(year: Loaded) -> None:
    rows = PersonName.objects.filter(family_name__contains="-").order_by("pk")
    of_one: dict[tuple[int, str, str], list[str]] = {}
    for row in rows:
        spelt = (row.person_id, row.given_name, row.family_name)
        of_one.setdefault(spelt, []).append(row.family_key)
    assert of_one
    for (_, _, family), keys in of_one.items():
        assert keys == list(names.family_keys(family)), family


def test_deadlines_are_those_that_the_engine_would_start(year: Loaded) -> None:
    rules = policy.at(AT)
    # Those of the services that are played afterwards have terms of their own: test_lives.
    made = ("risk.assessment", "referrals.referral", "incidents.", "learning.")
    ours = Q()
    for subject in made:
        ours |= Q(subject_type__startswith=subject)
    rows = Deadline.objects.filter(ours).exclude(kind="find_out").order_by("due_at")
    for row in rows[:: max(1, rows.count() // SAMPLE)]:
        kind = kinds.get(row.kind)
        # On the fixed clock the instant is the due time itself, whenever the clock was started.
        instant = row.due_at if kind.clock is Clock.FIXED else row.started_at
        assert row.due_at == kind.due(instant, rules)
        assert row.basis == kind.basis(instant, rules)
        assert row.step_times == kind.steps(row.started_at, row.due_at, rules)
        if row.is_open:
            ahead = [at for at in row.step_times if at >= AT]
            assert row.look_at == (ahead[0] if ahead else None)


def test_what_was_told_is_what_the_sweep_would_have_told(year: Loaded) -> None:
    """An open deadline past its steps is made new; the sweep must write the same steps again."""
    row = Deadline.objects.filter(kind="referral", state="breached").order_by("pk").first()
    assert row is not None
    last = row.escalations.order_by("step").last()
    assert last is not None
    fields = ("step", "name", "scheduled_at")
    before = list(row.escalations.order_by("step").values_list(*fields))
    told = set(Notification.objects.filter(escalation=last).values_list("user", "headline", "path"))
    Notification.objects.filter(deadline=row).delete()
    row.escalations.all().delete()
    Deadline.objects.filter(pk=row.pk).update(
        steps_taken=0, state="running", look_at=row.step_times[0]
    )
    sweep(at=AT)
    assert list(row.escalations.order_by("step").values_list(*fields)) == before
    again = Notification.objects.filter(
        escalation__deadline=row, escalation__step=last.step
    ).values_list("user", "headline", "path")
    assert told and told == set(again)


def test_grades_follow_one_another(year: Loaded) -> None:
    for victim in Victim.objects.exclude(grade="")[:SAMPLE]:
        changes = list(GradeChange.objects.filter(victim=victim).order_by("pk"))
        assert changes[0].before == ""
        for before, after in pairwise(changes):
            assert after.before == before.after
        assert changes[-1].after == victim.grade
        assert changes[-1].reason == victim.grade_reason


# --- Fit to be worked on --------------------------------------------------------------------------


def test_the_sweep_has_nothing_to_catch_up_with(year: Loaded) -> None:
    before = Escalation.objects.count()
    assert sweep(at=AT).steps == 0
    assert Escalation.objects.count() == before
    soon = sweep(at=AT + timedelta(hours=1))
    assert 0 < soon.steps < 25
    assert soon.set_aside == soon.fallen_away == 0


def test_a_call_can_be_logged_afterwards(year: Loaded) -> None:
    handler = User.objects.get(username="handler")
    incident = log_call(
        actor=handler,
        at=AT + timedelta(minutes=1),
        call=CallDetails(
            received_at=AT,
            narrative="Banging on the door.",
            address_line="3 New Row",
            people=(PersonInCall(role="victim", given_name="Una", family_name="Newman"),),
        ),
    )
    assert Incident.objects.filter(reference=incident.reference).count() == 1
    assert incident.reference > f"{Kind.INCIDENT}-2026-000{SIZE}"
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table.name])
            following = cursor.fetchone()[0]
        highest = table.model._default_manager.aggregate(highest=models.Max("pk"))["highest"]
        assert following > highest, table


def test_shevaun_oneil_is_recognised(year: Loaded) -> None:
    found = candidates(given_name="Shevaun", family_name="Oneil", number="07700 900417")
    person = Person.objects.get(pk=found[0].person_id)
    assert (person.given_name, person.family_name) == ("Siobhán", "O'Neill")
    assert person.date_of_birth == date(1991, 3, 14)
    assert person.victim.grade == "high"
    assert person.residences.get(until_at=None).address.line == "Flat 4, 18 Tanglewood Court"
    pike = Person.objects.get(given_name="Darren", family_name="Pike", date_of_birth="1987-09-02")
    others = Involvement.objects.filter(incident__involvements__person=pike, role="victim").exclude(
        person=person
    )
    assert others.exists()


def test_everybody_can_sign_in_with_the_demos_password(year: Loaded) -> None:
    for username, _ in people.SIGN_INS:
        assert authenticate(username=username, password=people.DEMO_PASSWORD), username


# --- Once, again, instead -------------------------------------------------------------------------


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
