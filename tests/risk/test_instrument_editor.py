"""Questionnaires are edited as drafts, tried out, and published as versions."""

import copy
import html
import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput, Stale
from risk.forms.instruments import Sheet
from risk.instruments import questionnaire
from risk.models import Instrument
from risk.services import instruments as services
from risk.services.instruments import Draft, draft_of
from tests.factories import risk as make
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(at: datetime) -> Instrument:
    return services.begin_draft(code="dash_police", actor=person("head"), at=at)


def reworded(row: Instrument, words: str) -> Draft:
    content = copy.deepcopy(row.content)
    content["sections"][0]["topics"][0]["text"] = words
    return Draft(row.title, row.purpose, row.is_official_wording, content)


def saved(row: Instrument, words: str, at: datetime) -> Instrument:
    return services.save_draft(
        instrument_id=row.pk,
        draft=reworded(row, words),
        version=row.draft_version,
        actor=person("head"),
        at=at,
    )


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


# --- Services -------------------------------------------------------------------------------------


def test_a_draft_begins_from_what_is_in_use_and_once(draft: Instrument, at: datetime) -> None:
    assert (draft.version, draft.in_use, draft.published_at) == (2, False, None)
    assert services.begin_draft(code="dash_police", actor=person("head"), at=at) == draft
    assert questionnaire(draft).topics == questionnaire(Instrument.objects.get(
        code="dash_police", version=1)).topics  # fmt: skip


def test_thrown_away_it_is_gone_and_its_words_are_in_the_audit(
    draft: Instrument, at: datetime
) -> None:
    row = saved(draft, "Hurt this time", at)
    seen = row.draft_version

    def discard(actor: str, version: int) -> None:
        services.discard_draft(instrument_id=draft.pk, version=version, actor=person(actor), at=at)

    with pytest.raises(PermissionDenied):
        discard("officer", seen)
    with pytest.raises(DomainError, match="changed this draft"):
        discard("head", seen - 1)
    discard("head", seen)
    assert not Instrument.objects.filter(pk=draft.pk).exists()
    event = AuditEvent.objects.get(verb="instrument.discarded")
    assert "Hurt this time" in json.dumps(event.detail)
    used = Instrument.objects.get(code="dash_police", in_use=True)
    with pytest.raises(DomainError, match="is published"):
        services.discard_draft(
            instrument_id=used.pk, version=used.draft_version, actor=person("head"), at=at
        )
    again = services.begin_draft(code="dash_police", actor=person("head"), at=at)
    assert again.version == 2


def test_thrown_away_on_the_page(draft: Instrument, client: Client) -> None:
    client.force_login(person("head"), backend="accounts.backends.RoleBackend")
    address = f"/questionnaires/{draft.pk}/"
    assert "Throw this draft away" in text(client.get(address))
    answer = client.post(f"{address}discard/", {"version": "7"}, follow=True)
    assert "Look again first" in text(answer)
    answer = client.post(f"{address}discard/", {"version": draft.draft_version}, follow=True)
    assert "Thrown away" in text(answer)
    assert not Instrument.objects.drafts().exists()


def test_published_it_is_in_use_and_the_one_before_is_not(draft: Instrument, at: datetime) -> None:
    row = saved(draft, "Hurt this time", at)
    services.publish(
        instrument_id=row.pk,
        version=row.draft_version,
        reason="Plainer words.",
        actor=person("head"),
        at=at,
    )
    states = Instrument.objects.filter(code="dash_police").order_by("version")
    assert list(states.values_list("version", "in_use", "reason")) == [
        (1, False, "Ships with the service."),
        (2, True, "Plainer words."),
    ]
    event = AuditEvent.objects.get(verb="instrument.published")
    assert event.detail["reason"] == "Plainer words."


def test_an_assessment_of_version_1_still_shows_version_1(
    draft: Instrument, at: datetime, sign_in: Any
) -> None:
    before = make.submitted(at, "q01")
    unfinished = make.draft(at)
    row = saved(draft, "Hurt this time", at)
    services.publish(
        instrument_id=row.pk, version=2, reason="Plainer.", actor=person("head"), at=at
    )
    after = make.draft(at)
    client: Client = sign_in("officer")
    for one, words in (
        (before, "Hurt in this incident"),
        (unfinished, "Hurt in this incident"),
        (after, "Hurt this time"),
    ):
        shown = text(client.get(f"/assessments/{one.reference}/"))
        assert words in shown
        assert ("Hurt this time" in shown) == (one == after)


def test_a_stale_save_is_refused_with_both_versions(draft: Instrument, at: datetime) -> None:
    saved(draft, "Hurt this time", at)
    with pytest.raises(Stale) as refused:
        saved(draft, "Injured", at)
    assert refused.value.theirs["q01"].startswith("Hurt this time")
    assert refused.value.yours["q01"].startswith("Injured")
    draft.refresh_from_db()
    assert draft.content["sections"][0]["topics"][0]["text"] == "Hurt this time"


def test_the_same_save_twice_changes_nothing_twice(draft: Instrument, at: datetime) -> None:
    saved(draft, "Hurt this time", at)
    assert saved(draft, "Hurt this time", at).draft_version == 2


def test_what_is_published_is_never_changed(draft: Instrument, at: datetime) -> None:
    published = Instrument.objects.get(code="dash_police", version=1)
    with pytest.raises(DomainError, match="stays as it is"):
        saved(published, "Hurt this time", at)


@pytest.mark.parametrize(
    ("reason", "version", "words"),
    [(" ", 2, "needed"), ("Why not", 1, "since you looked"), ("Why not", 2, "")],
)
def test_publishing_needs_a_reason_and_the_newest(
    draft: Instrument, at: datetime, reason: str, version: int, words: str
) -> None:
    row = saved(draft, "Hurt this time", at)
    given = {"instrument_id": row.pk, "version": version, "reason": reason, "at": at}
    if not words:
        assert services.publish(actor=person("head"), **given).in_use
        return
    with pytest.raises(DomainError, match=words):
        services.publish(actor=person("head"), **given)
    assert Instrument.objects.get(code="dash_police", in_use=True).version == 1


def test_nothing_new_is_not_published(draft: Instrument, at: datetime) -> None:
    with pytest.raises(DomainError, match="Nothing differs"):
        services.publish(instrument_id=draft.pk, version=1, reason="x", actor=person("head"), at=at)


def test_who_may(draft: Instrument, at: datetime) -> None:
    officer = person("officer")
    with pytest.raises(PermissionDenied):
        services.begin_draft(code="stalking", actor=officer, at=at)
    with pytest.raises(PermissionDenied):
        services.publish(instrument_id=draft.pk, version=1, reason="x", actor=officer, at=at)
    with pytest.raises(PermissionDenied):
        services.take_in(data={}, actor=officer, at=at)


def test_exported_and_taken_in_again(at: datetime) -> None:
    data = services.exported(Instrument.objects.get(code="stalking"))
    data |= {"code": "stalking_county", "title": "Ours"}
    row = services.take_in(data=json.loads(json.dumps(data)), actor=person("head"), at=at)
    assert (row.version, row.purpose, row.published_at) == (1, "stalking", None)
    assert row.content == data["content"]
    with pytest.raises(DomainError, match="being written already"):
        services.take_in(data=data, actor=person("head"), at=at)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "an object"),
        ({"code": "A b"}, "small letters"),
        ({"code": "x", "title": ""}, "needed"),
        ({"code": "x", "title": "X", "purpose": "?"}, "what it is for"),
        ({"code": "x", "title": "X", "content": None}, "list of objects"),
    ],
)
def test_what_is_no_questionnaire_is_refused(data: Any, words: str, at: datetime) -> None:
    with pytest.raises(InvalidInput, match=words):
        services.take_in(data=data, actor=person("head"), at=at)


@pytest.mark.parametrize(
    "code", ["dash_police", "dash_partner", "stalking", "honour", "dash_young", "judgement"]
)
def test_the_form_loses_nothing(code: str) -> None:
    row = Instrument.objects.get(code=code)
    sheet = Sheet.of(draft_of(row), version=1)
    assert sheet.is_valid()
    draft = sheet.draft()
    again = Instrument(code=code, version=1, title=draft.title, content=draft.content)
    assert questionnaire(again) == questionnaire(row)


# --- Pages ----------------------------------------------------------------------------------------


def posted(row: Instrument, **changes: Any) -> dict[str, Any]:
    data = Sheet.of(draft_of(row), version=row.draft_version).data
    sent = {name: value for name, value in data.items() if value not in (None, False)}
    return sent | changes


def test_from_the_list_to_a_new_version(at: datetime, sign_in: Any) -> None:
    client: Client = sign_in("head")
    used = Instrument.objects.get(code="dash_police")
    assert "Police, after an incident" in text(client.get("/questionnaires/"))
    client.post(f"/questionnaires/{used.pk}/begin/")
    row = Instrument.objects.get(code="dash_police", version=2)
    page = f"/questionnaires/{row.pk}/"
    assert "Hurt in this incident" in client.get(f"{page}edit/").content.decode()
    answer = client.post(f"{page}edit/", posted(row, **{"s0t0-text": "Hurt this time"}))
    assert answer.headers["Location"] == page
    assert "Hurt this time" in text(client.get(page))
    refused = client.post(f"{page}publish/", {"version": 2, "reason": ""})
    assert refused.status_code == 400
    client.post(f"{page}publish/", {"version": 2, "reason": "Plainer words."})
    assert Instrument.objects.get(code="dash_police", in_use=True) == row


def test_trying_out_gives_the_suggestion(sign_in: Any) -> None:
    row = Instrument.objects.get(code="dash_police")
    client: Client = sign_in("superintendent")
    shown = text(client.get(f"/questionnaires/{row.pk}/", {"yes": ["q18", "q08", "nothing"]}))
    assert "High because of strangulation" in shown
    assert "2 yes of 27, opens stalking and harassment" in shown
    without = Instrument.objects.get(code="judgement")
    assert "No grade: judgement only." in text(client.get(f"/questionnaires/{without.pk}/"))


def test_a_refused_save_shows_what_was_typed(draft: Instrument, sign_in: Any) -> None:
    client: Client = sign_in("head")
    sent = posted(draft, **{"s0t0-code": "q02", "s0t0-text": "Hurt this time"})
    answer = client.post(f"/questionnaires/{draft.pk}/edit/", sent)
    assert answer.status_code == 400
    assert "stands twice" in text(answer)
    assert "Hurt this time" in answer.content.decode()


def test_a_stale_save_shows_both_and_may_be_sent_again(
    draft: Instrument, at: datetime, sign_in: Any
) -> None:
    saved(draft, "Hurt this time", at)
    client, page = sign_in("superintendent"), f"/questionnaires/{draft.pk}/edit/"
    sent = posted(draft, **{"s0t0-text": "Injured"})
    answer = client.post(page, sent)
    assert answer.status_code == 409
    shown = text(answer)
    assert "Hurt this time" in shown
    assert "Injured" in shown
    assert 'name="version" value="2"' in answer.content.decode()
    client.post(page, sent | {"version": 2})
    draft.refresh_from_db()
    assert draft.content["sections"][0]["topics"][0]["text"] == "Injured"


def test_adding_a_topic_and_a_section_keeps_what_was_typed(draft: Instrument, sign_in: Any) -> None:
    client, page = sign_in("head"), f"/questionnaires/{draft.pk}/edit/"
    answer = client.post(page, posted(draft, act="topic:s0", title="Typed")).content.decode()
    assert 'name="s0t5-code"' in answer
    assert 'value="Typed"' in answer
    answer = client.post(page, posted(draft, act="section")).content.decode()
    assert 'name="s5-title"' in answer


def test_export_and_take_in_on_the_page(sign_in: Any) -> None:
    client: Client = sign_in("head")
    row = Instrument.objects.get(code="honour")
    answer = client.get(f"/questionnaires/{row.pk}/export/")
    assert "honour_1.json" in answer.headers["Content-Disposition"]
    client.post("/questionnaires/new/", {"text": answer.content.decode()})
    assert Instrument.objects.get(code="honour", version=2).content == row.content
    refused = client.post("/questionnaires/new/", {"text": "{"})
    assert "This is not JSON." in text(refused)
