"""Nothing typed is lost, and nobody sees another's unfinished call."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.errors import DomainError, InvalidInput, Stale
from incidents.models import CallDraft, Incident
from incidents.services.calls import log_call
from incidents.services.drafts import discard_draft, keep_draft
from tests.factories.incidents import NOW, call
from tests.personas import person

pytestmark = pytest.mark.django_db

ODD = {
    "caller_number": "0770",
    "postcode": "P?1",
    "narrative": '  "He\'s" <b>back</b>\r\n ',
    "people-TOTAL_FORMS": "5",
    "people-4-role": "witness",
    "people-4-given_name": "Zoë",
    "people-4-date_of_birth": "99/99/99",
    "people-4-age": "six",
    "q_danger": "yes",
    "call_dropped": "on",
    "answered_at": "2026-11-23T02:41:07+00:00",
    "grade": "priority",
    "grade_override_reason": "because",
    "area": "not a number",
    "source": "agency",
    "source_detail": "Fenwick housing",
    "communication_needs": "relay",
    "verbatim": '"I am <afraid>"',
    "background": "shouting",
    "appointment_at": "some day",
    "set_aside": ["person:P-2025-000009", "incident:DA-2025-000003"],
}


def keep(key, version=0, handler="handler", writer="", fields=None):
    return keep_draft(
        key=key,
        handler=person(handler),
        fields=fields or {"narrative": ["one"]},
        answered_at=NOW,
        version=version,
        at=NOW,
        writer=writer,
    )


def sent(client, key, fields=ODD, version=0, page="page-one"):
    return client.post(
        reverse("incidents:draft"),
        {**fields, "draft": str(key), "version": str(version)},
        headers={"accept": "application/json", "x-autosave-token": page},
    )


def test_a_reload_shows_everything_as_typed_what_cannot_be_included(sign_in):
    client, key = sign_in("handler"), uuid4()

    answer = sent(client, key)
    html = client.get(f"{reverse('incidents:call')}?draft={key}").content.decode()

    assert answer.json()["version"] == 1
    assert 'value="0770"' in html
    assert 'value="P?1"' in html
    assert "&quot;He&#x27;s&quot; &lt;b&gt;back&lt;/b&gt;" in html
    assert 'value="Zoë"' in html
    assert 'value="99/99/99"' in html
    assert 'value="six"' in html
    assert 'name="q_danger" value="yes" id="id_q_danger_0" checked' in html
    assert 'name="call_dropped" form="call" id="id_call_dropped" checked' in html
    assert "because</textarea>" in html
    assert 'value="2026-11-23T02:41:07+00:00"' in html
    assert 'value="agency" id="id_source_3" checked' in html
    assert 'value="Fenwick housing"' in html
    assert 'value="relay"' in html
    assert "&quot;I am &lt;afraid&gt;&quot;</textarea>" in html
    assert "shouting</textarea>" in html
    assert 'value="some day"' in html
    assert CallDraft.objects.get().fields["set_aside"] == ODD["set_aside"]
    assert "needs putting right" not in html


def test_each_keeping_has_a_version_and_another_page_is_told(sign_in):
    client, key = sign_in("handler"), uuid4()

    assert sent(client, key).json()["version"] == 1
    assert sent(client, key, version=1).json()["version"] == 2
    # The answer was lost on the way: the same page tries again with the version it knows.
    assert sent(client, key, version=1).json()["version"] == 3
    assert sent(client, key, version=1, page="page-two").status_code == 409


def test_a_stale_draft_carries_both_versions():
    key = uuid4()
    keep(key)
    keep(key, version=1, fields={"narrative": ["two"]})

    with pytest.raises(Stale) as stale:
        keep(key, version=1, fields={"narrative": ["three"]})

    assert stale.value.theirs == {"narrative": ["two"]}
    assert stale.value.yours == {"narrative": ["three"]}
    assert CallDraft.objects.get().fields == {"narrative": ["two"]}


def test_a_draft_is_its_handlers_alone(sign_in):
    key = uuid4()
    keep(key)
    other = sign_in("handler_b")

    assert other.get(f"{reverse('incidents:call')}?draft={key}").status_code == 404
    assert sent(other, key, version=1).status_code == 404
    assert other.post(reverse("incidents:discard", args=[key])).status_code == 404
    assert str(key) not in other.get(reverse("incidents:call"), follow=True).content.decode()
    with pytest.raises(PermissionDenied):
        keep(key, version=1, handler="handler_b")
    with pytest.raises(PermissionDenied):
        log_call(actor=person("handler_b"), at=NOW, call=call(), draft_key=key)
    assert Incident.objects.count() == 0


def test_unfinished_calls_are_offered_and_can_be_discarded(sign_in):
    client, key = sign_in("handler"), uuid4()
    sent(client, key, {**ODD, "caller_name": "Marta Lund"})

    offered = client.get(reverse("incidents:call"), follow=True).content.decode()
    client.post(reverse("incidents:discard", args=[key]))
    after = client.get(reverse("incidents:call"), follow=True).content.decode()

    assert "Marta Lund" in offered
    assert str(key) in offered
    assert "Marta Lund" not in after
    assert client.get(f"{reverse('incidents:call')}?draft={key}").status_code == 404
    assert sent(client, key, version=1).status_code == 404


def test_a_logged_call_is_no_draft_any_more(sign_in):
    client, key = sign_in("handler"), uuid4()
    logged = log_call(actor=person("handler"), at=NOW, call=call(), draft_key=key)

    answer = sent(client, key, version=1)
    shown = client.get(f"{reverse('incidents:call')}?draft={key}")

    assert answer.status_code == 409
    assert logged.reference in answer.json()["detail"]
    assert shown["Location"] == reverse("incidents:detail", args=[logged.reference])
    with pytest.raises(DomainError):
        discard_draft(key=key, handler=person("handler"), at=NOW)


def test_a_discarded_draft_is_not_logged():
    key = uuid4()
    keep(key)
    discard_draft(key=key, handler=person("handler"), at=NOW)

    with pytest.raises(DomainError):
        log_call(actor=person("handler"), at=NOW, call=call(), draft_key=key)


@pytest.mark.parametrize("key", ["", "nonsense", "7"])
def test_a_page_without_a_key_is_told_so(sign_in, key):
    assert sent(sign_in("handler"), key).status_code == 400


def test_what_cannot_be_stored_is_refused():
    with pytest.raises(InvalidInput):
        keep(uuid4(), fields={"narrative": ["a\x00b"]})
    with pytest.raises(InvalidInput):
        keep(uuid4(), fields={"narrative": ["x" * 400_000]})
    assert CallDraft.objects.count() == 0
