"""Each party and each child is answered for; versions; who may put right what others recorded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Team, User
from audit.models import AuditEvent
from core.errors import InvalidInput, Stale
from incidents.golden_hour import GOLDEN_HOUR, without_the_victim
from incidents.models import ChildSeen, FirstResponse, Incident, PartyAccount
from incidents.services import response
from incidents.services.response import ChildFound, Findings, PartyFound
from incidents.services.response.findings import NEED_WORDS, checked, missing_words
from incidents.services.response.said import said_by, said_on_record
from tests.factories.incidents import DARREN, SIOBHAN, in_call
from tests.factories.response import DONE_WELL, ELLA, attended, findings, responded

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)

FAMILY = (
    in_call("victim", lives_here=True, **SIOBHAN),
    in_call("perpetrator", **DARREN),
    in_call("child", given_name="Tom", family_name="O'Neill", age=9),
    in_call("witness", given_name="Ruth", family_name="Ames"),
)


def record(row: Incident, who: User, at: datetime, version: int = 0, **changes: Any) -> Any:
    return response.record_first_response(
        incident_id=row.pk, actor=who, findings=findings(row, **changes), version=version, at=at
    )


def reference_of(row: Incident, role: str) -> str:
    return row.involvements.get(role=role).person.reference


# --- Pure rules ---------------------------------------------------------------------------------


def whole(**changes: Any) -> Findings:
    return Findings(**{**DONE_WELL, "children_present": "no", **changes})


@pytest.mark.parametrize("rule", NEED_WORDS, ids=lambda rule: f"{rule[0]}={rule[1]}")
def test_each_answer_that_needs_words_asks_for_them(rule: tuple[str, str, str, str]) -> None:
    field, answer, words, sentence = rule
    answers = {"counter_allegation": "yes", field: answer, words: "  "}
    assert missing_words(answers)[words] == sentence
    assert words not in missing_words({**answers, words: "said"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body_worn_video_exhibit": ""}, "body_worn_video_exhibit"),
        ({"wishes": ""}, "wishes"),
        ({"supports_prosecution": "no", "wishes": "", "evidence_led_plan": "CCTV."}, "wishes"),
        ({"counter_allegation": "n/a"}, "counter_allegation"),
        ({"counter_allegation": "yes"}, "counter_view"),
        ({"counter_allegation": "yes", "counter_view": "both"}, "counter_reason"),
        ({"counter_allegation": "yes", "counter_view": "perhaps"}, "counter_view"),
        (
            {"counter_allegation": "yes", "counter_view": "one", "counter_reason": "x"},
            "counter_protect",
        ),
        ({"safety_measures": ("moat",)}, "safety_measures"),
        ({"children_present": "yes"}, "children"),
        ({"children": (ChildFound(**ELLA),)}, "children_present"),
        (
            {"children_present": "yes", "children": (ChildFound(**{**ELLA, "words": " "}),)},
            "children.0.words",
        ),
        (
            {"children_present": "yes", "children": (ChildFound(**{**ELLA, "name": ""}),)},
            "children.0.name",
        ),
        (
            {"children_present": "yes", "children": (ChildFound(**{**ELLA, "was_seen": False}),)},
            "children.0.was_seen",
        ),
        ({"children_present": "yes", "children": (ChildFound(**ELLA),) * 21}, "children"),
        (
            {"parties": (PartyFound(person="P-2026-000001", was_spoken_to=False, account=" "),)},
            "parties.0.account",
        ),
        (
            {
                "parties": (
                    PartyFound(
                        person="P-2026-000001", was_spoken_to=True, account="a", fear="x" * 5_001
                    ),
                )
            },
            "parties.0.fear",
        ),
    ],
)
def test_what_is_missing_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(whole(**changes))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"body_worn_video": "no", "body_worn_video_reason": "Flat battery"},
            "body_worn_video_exhibit",
        ),
        ({"counter_view": "both"}, "counter_view"),
        ({"counter_protect": "P-2026-000001"}, "counter_protect"),
    ],
)
def test_what_another_answer_makes_pointless_is_left_out(
    changes: dict[str, Any], field: str
) -> None:
    assert getattr(checked(whole(**changes)), field) == ""


def test_the_prompts_of_an_evidence_led_plan_follow_the_ticks() -> None:
    have, still = without_the_victim(["cctv"], video="yes", exhibit="TH/1")
    assert [words.split(":")[0] for words in have] == [
        "Cameras",
        "Body-worn video TH/1",
        "Officers",
    ]
    assert len(still) == len(GOLDEN_HOUR) - 1
    assert not any("Cameras" in words for words in still)
    assert without_the_victim(list(GOLDEN_HOUR))[1] == []


# --- Parties and children -----------------------------------------------------------------------


def test_everybody_is_on_record_as_they_were_found(at: datetime, people: People) -> None:
    first = responded(at=at, people=FAMILY)
    said = {row.person.given_name: row for row in first.parties.select_related("person")}
    assert set(said) == {"Siobhán", "Darren", "Ruth"}
    assert said["Siobhán"].fear == "That he comes back when the children are asleep."
    assert not said["Ruth"].was_spoken_to
    named, other = first.children.order_by("pk")
    assert (named.person, other.person) == (
        first.incident.involvements.get(role="child").person,
        None,
    )
    assert other.words == "Ella, 6, said that she hid."


def test_a_child_is_shown_by_name_and_age_where_nothing_else_was_typed(
    at: datetime, people: People
) -> None:
    row = attended(at=at, people=FAMILY)
    child = ChildFound(
        person=reference_of(row, "child"), was_seen=False, was_spoken_to=False, words="At school."
    )
    record(row, people("officer"), at + NINE, children=(child,))
    assert ChildSeen.objects.get().name == "Tom O'Neill, about 9"


@pytest.mark.parametrize(
    ("left_out", "field", "words"),
    [("victim", "parties", "Siobhán"), ("perpetrator", "parties", "Darren")],
)
def test_a_party_left_out_is_asked_for_by_name(
    at: datetime, people: People, left_out: str, field: str, words: str
) -> None:
    row = attended(at=at, people=FAMILY)
    there = findings(row).parties
    rest = tuple(one for one in there if one.person != reference_of(row, left_out))
    with pytest.raises(InvalidInput, match=words) as refused:
        record(row, people("officer"), at + NINE, parties=rest)
    assert refused.value.field == field
    assert not FirstResponse.objects.exists()


def test_a_witness_may_be_left_for_later_and_a_named_child_may_not(
    at: datetime, people: People
) -> None:
    row = attended(at=at, people=FAMILY)
    with pytest.raises(InvalidInput, match="Tom O'Neill") as refused:
        record(row, people("officer"), at + NINE, children=(ChildFound(**ELLA),))
    assert refused.value.field == "children"
    rest = tuple(one for one in findings(row).parties if one.person != reference_of(row, "witness"))
    record(row, people("officer"), at + NINE, parties=rest)
    assert PartyAccount.objects.count() == 2


def test_nobody_from_elsewhere_and_nobody_twice(at: datetime, people: People) -> None:
    other = attended(at=at)
    stranger = reference_of(other, "victim")
    row = attended(at=at, people=FAMILY)
    rows = findings(row).parties
    strange = PartyFound(person=stranger, was_spoken_to=True, account="x")
    for wrong in ((*rows, strange), (*rows, rows[0])):
        with pytest.raises(InvalidInput) as refused:
            record(row, people("officer"), at + NINE, parties=wrong)
        assert refused.value.field == "parties.3.person"


# --- Versions -----------------------------------------------------------------------------------


def test_what_is_on_record_says_what_was_sent(at: datetime, people: People) -> None:
    row = attended(at=at, people=FAMILY)
    sent = findings(row)
    first = record(row, people("officer"), at + NINE)
    children = [
        {**child, "name": child["name"] or "?"} for child in said_by(checked(sent))["children"]
    ]
    assert said_on_record(first) == {**said_by(checked(sent)), "children": children}


def test_earlier_accounts_stay_in_the_audit(at: datetime, people: People) -> None:
    first = responded(at=at)
    rows = findings(first.incident).parties
    changed = PartyFound(person=rows[0].person, was_spoken_to=True, account="She says more now.")
    record(first.incident, people("officer"), at + NINE, 1, parties=(changed, rows[1]))
    detail = AuditEvent.objects.get(verb="incident.first_response_changed").detail
    assert detail["before"]["parties"][0]["account"].startswith("He kicked the door")
    assert detail["after"]["parties"][0]["account"] == "She says more now."
    assert "children" not in detail["before"]
    assert PartyAccount.objects.get(person__reference=rows[0].person).fear == ""


def test_a_stale_edit_shows_people_in_words(at: datetime, people: People) -> None:
    first = responded(at=at)
    row = first.incident
    response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=at + NINE)
    quiet = PartyFound(
        person=reference_of(row, "victim"), was_spoken_to=False, account="In the ambulance."
    )
    rows = (quiet, findings(row).parties[1])
    with pytest.raises(Stale) as refused:
        record(row, people("officer_b"), at + NINE, parties=rows)
    assert "Siobhán O'Neill, not spoken to: In the ambulance." in refused.value.yours["parties"]
    assert "Siobhán O'Neill, spoken to: He kicked" in refused.value.theirs["parties"]
    assert "Ella, 6, seen and spoken to: " in refused.value.theirs["children"]
    assert refused.value.theirs["safety_measures"].startswith("Locks, doors")


def test_the_same_again_changes_nothing_whoever_was_first(at: datetime, people: People) -> None:
    first = responded(at=at, people=FAMILY)
    rows = set(PartyAccount.objects.values_list("pk", flat=True))
    again = record(first.incident, people("officer"), at + NINE)
    assert again.version == 1
    assert set(PartyAccount.objects.values_list("pk", flat=True)) == rows
    assert AuditEvent.objects.filter(verb__startswith="incident.first_response").count() == 1


# --- Who puts right -----------------------------------------------------------------------------


def test_the_supervisor_of_who_was_there_puts_right(at: datetime, people: People) -> None:
    supervisor = people("supervisor")
    row = responded(at=at).incident
    changed = record(row, supervisor, at + NINE, 1, safety_plan="Taken to her mother's.")
    assert (changed.version, changed.officer) == (2, people("officer"))
    event = AuditEvent.objects.get(verb="incident.first_response_changed")
    assert event.headline == "First response changed by a supervisor: arrest"
    assert event.detail["by_supervisor"] is True


def test_a_supervisor_of_another_team_and_one_with_nothing_to_put_right(
    at: datetime, people: People
) -> None:
    supervisor = people("supervisor")
    with pytest.raises(PermissionDenied):
        record(attended(at=at), supervisor, at + NINE)
    row = responded(at=at).incident
    Team.objects.filter(supervisor=supervisor).update(supervisor=None)
    with pytest.raises(PermissionDenied):
        record(row, supervisor, at + NINE, 1, safety_plan="x")
