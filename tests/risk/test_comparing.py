"""Two assessments beside each other: what changed, across versions and instruments."""

import copy
import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from risk import services
from risk.comparing import compare
from risk.models import Assessment, Instrument
from risk.services import keep_answers
from tests.factories import risk as make
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(at: datetime) -> Assessment:
    return make.submitted(at, "q01", "q13")


def later(first: Assessment, at: datetime, *yes: str) -> Assessment:
    return make.submitted(at + timedelta(days=20), *yes, victim=first.victim)


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


def changed(one: Assessment, other: Assessment) -> dict[str, tuple[str, str]]:
    return {
        row.name: (row.then.answer if row.then else "", row.now.answer if row.now else "")
        for row in compare(one, other).rows
        if row.is_changed
    }


def other_version(code: str, change: Any) -> Instrument:
    """The next version in use, with its content changed by `change`."""
    before = Instrument.objects.get(code=code, in_use=True)
    content = copy.deepcopy(before.content)
    change(content)
    Instrument.objects.filter(pk=before.pk).update(in_use=False)
    return Instrument.objects.create(
        code=code,
        version=before.version + 1,
        title=before.title,
        purpose=before.purpose,
        content=content,
        in_use=True,
        published_at=before.published_at,
    )


def test_question_by_question_with_the_grounds(first: Assessment, at: datetime) -> None:
    second = later(first, at, "q01", "q18")
    assert changed(first, second) == {
        "13 Happening more often": ("Yes", "No"),
        "18 Strangling, choking, suffocating, drowning": ("No", "Yes"),
    }
    both = compare(first, second)
    assert (both.new_reasons, both.gone_reasons) == (("strangulation",), ())
    assert len(both.rows) == 27


def test_other_words_with_the_same_answer_are_a_change(first: Assessment, at: datetime) -> None:
    second = make.draft(at + timedelta(days=20), victim=first.victim)
    keep_answers(
        assessment_id=second.pk,
        actor=second.officer,
        answers=first.answers | {"q01": {"answer": "yes", "words": "A broken wrist."}},
        version=1,
        at=at,
    )
    second.refresh_from_db()
    assert list(changed(first, second)) == ["1 Hurt in this incident"]


def test_a_set_that_opened_is_news_only_where_it_says_something(
    first: Assessment, at: datetime
) -> None:
    second = later(first, at, "q01", "q13", "q08", "s02")
    names = set(changed(first, second))
    assert "2 Harassed by the same person before" in names
    assert "1 Very afraid because of it" not in names


def test_across_versions_a_code_stays_the_same_topic(first: Assessment, at: datetime) -> None:
    def reworded(content: dict[str, Any]) -> None:
        topics = content["sections"][0]["topics"]
        topics[0]["text"] = "Hurt this time"
        del topics[4]

    other_version("dash_police", reworded)
    second = later(first, at, "q13")
    rows = {row.name: row for row in compare(first, second).rows}
    assert rows["1 Hurt this time"].then is not None
    assert rows["1 Hurt this time"].then.text == "Hurt in this incident"
    assert rows["1 Hurt this time"].is_changed
    assert rows["5 Low, or thinking of suicide"].now is None


def test_between_instruments_only_the_same_words_are_the_same_topic(
    first: Assessment, at: datetime
) -> None:
    second = services.open_assessment(
        incident_id=first.incident_id,
        victim_id=first.victim_id,
        instrument="dash_partner",
        actor=first.officer,
        at=at + timedelta(days=1),
    )
    both = compare(first, second)
    assert not both.is_same_instrument
    only_then = [row.name for row in both.rows if row.now is None]
    assert [name.split()[0] for name in only_then] == ["10", "11", "12"]
    assert sum(row.then is not None and row.now is not None for row in both.rows) == 24


# --- The page -------------------------------------------------------------------------------------


def address(victim: Victim) -> str:
    return f"/victims/{victim.reference}/risk/compare/"


def test_the_last_two_by_default(first: Assessment, at: datetime, sign_in: Any) -> None:
    second = later(first, at, "q01", "q18")
    later(second, at + timedelta(days=30), "q01", "q18", "q27")
    shown = text(sign_in("supervisor").get(address(first.victim)))
    assert "1 of 27 topics changed" in shown
    assert "27 Known to the police before" in shown
    assert "1 Hurt in this incident" not in shown


def test_any_two_and_every_topic(first: Assessment, at: datetime, sign_in: Any) -> None:
    second = later(first, at, "q01", "q18")
    later(second, at + timedelta(days=30), "q01")
    query = {"then": first.reference, "now": second.reference, "show": "all"}
    shown = text(sign_in("supervisor").get(address(first.victim), query))
    assert "2 of 27 topics changed" in shown
    assert "New grounds: strangulation" in shown
    assert "1 Hurt in this incident" in shown


def test_one_assessment_cannot_be_compared(first: Assessment, sign_in: Any) -> None:
    assert "not two assessments" in text(sign_in("supervisor").get(address(first.victim)))


def test_another_victims_assessment_is_not_there(
    first: Assessment, at: datetime, sign_in: Any
) -> None:
    other = make.submitted(at, "q01", victim=make.a_victim(at, given_name="Mona"))
    client: Client = sign_in("supervisor")
    query = {"then": other.reference, "now": first.reference}
    assert client.get(address(first.victim), query).status_code == 404


def test_who_may_not_see_the_victim_sees_nothing(first: Assessment, sign_in: Any) -> None:
    assert sign_in("idva_b").get(address(first.victim)).status_code == 404


def test_the_review_leads_there(first: Assessment, at: datetime, sign_in: Any) -> None:
    second = later(first, at, "q01", "q18")
    page = sign_in("supervisor").get(f"/reviews/{second.reference}/").content.decode()
    assert f"then={first.reference}&amp;now={second.reference}" in page


# --- Choosing the questions -----------------------------------------------------------------------


def begin(incident: Any, victim: Victim, code: str, at: datetime) -> Assessment:
    return services.open_assessment(
        incident_id=incident.pk,
        victim_id=victim.pk,
        instrument=code,
        actor=person("officer"),
        at=at,
    )


def test_another_questionnaire_beside_the_first_once(first: Assessment, at: datetime) -> None:
    one = begin(first.incident, first.victim, "stalking", at)
    assert (one.instrument.code, one.pk != first.pk) == ("stalking", True)
    assert begin(first.incident, first.victim, "stalking", at) == one
    assert begin(first.incident, first.victim, "", at) in {one, first}


def test_one_that_is_not_in_use_is_refused(first: Assessment, at: datetime, sign_in: Any) -> None:
    page = f"/incidents/{first.incident.reference}/"
    answer = sign_in("officer").post(
        f"{page}assessments/",
        {"victim": first.victim.reference, "instrument": "nothing"},
        follow=True,
    )
    assert "not in use" in text(answer)
    assert Assessment.objects.count() == 1


def test_the_page_offers_them(first: Assessment, at: datetime, sign_in: Any) -> None:
    client, page = sign_in("officer"), f"/incidents/{first.incident.reference}/"
    shown = client.get(page).content.decode()
    offered = re.findall(r'<option value="(\w+)">', shown.split('id="begin_instrument"')[1])
    assert offered[0] == "dash_police"
    assert {"stalking", "honour", "judgement", "dash_young", "dash_partner"} <= set(offered)
    data = {"victim": first.victim.reference, "instrument": "judgement"}
    client.post(f"{page}assessments/", data)
    made = Assessment.objects.get(instrument__code="judgement")
    assert "No score." in text(client.get(f"/assessments/{made.reference}/"))


def test_a_set_beside_it_does_not_stand_for_the_assessment(at: datetime) -> None:
    victim = make.a_victim(at)
    incident = make.an_incident(at, victim, officer=person("officer"))
    begin(incident, victim, "stalking", at)
    due = services.open_where_due(
        incident_id=incident.pk, officer=person("officer"), actor=person("officer"), at=at
    )
    assert [row.instrument.code for row in due] == ["dash_police"]


def test_a_set_beside_it_never_lowers_the_grade(at: datetime) -> None:
    first = make.submitted(at, "q18")
    one = begin(first.incident, first.victim, "stalking", at)
    read = {f"s{number:02}": {"answer": "no"} for number in range(1, 12)}
    keep_answers(assessment_id=one.pk, actor=one.officer, answers=read, version=1, at=at)
    one = services.submit_assessment(
        assessment_id=one.pk,
        actor=one.officer,
        judged_grade="standard",
        judged_reason="No sign of it.",
        version=2,
        at=at + timedelta(hours=2),
    )
    make.reviewed(one, at + timedelta(hours=3))
    first.victim.refresh_from_db()
    assert first.victim.grade == "high"


def test_an_assessment_keeps_the_version_it_was_made_on(
    first: Assessment, at: datetime, sign_in: Any
) -> None:
    def reworded(content: dict[str, Any]) -> None:
        content["sections"][0]["topics"][0]["text"] = "Hurt this time"

    other_version("dash_police", reworded)
    second = later(first, at, "q13")
    first.refresh_from_db()
    assert (first.instrument.version, second.instrument.version) == (1, 2)
    client = sign_in("supervisor")
    assert "Hurt in this incident" in text(client.get(f"/assessments/{first.reference}/"))
    assert "Hurt this time" in text(client.get(f"/assessments/{second.reference}/"))
