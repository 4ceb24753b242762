"""Agendas and research for other systems: the same rules as the pages."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from core import clock
from marac.models import Hearing, Meeting
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, request
from tests.marac.test_agenda_pages import signed_in
from tests.personas import person


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


def ask(who: str, address: str, status: int, data: dict[str, Any] | None = None) -> Any:
    client, path = signed_in(who), f"/api/v1/marac/{address}"
    headers = {"Idempotency-Key": str(uuid4())}
    response = (
        client.get(path)
        if data is None
        else client.post(path, data, content_type="application/json", headers=headers)
    )
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def test_listed_ordered_sent_returned_and_chased(now: datetime) -> None:
    meeting = marac.meeting(now + 20 * DAY)
    marac.attendance(meeting, person("agency"), at=now)
    here = f"meetings/{meeting.reference}/"
    cases = [a_case(now, name).reference for name in ("Ash", "Beech")]
    for case in cases:
        said = ask("coordinator", here + "agenda/cases/", 200, {"case": case})
    ask("chair", here + "agenda/cases/", 403, {"case": cases[0]})
    ids = [entry["id"] for entry in said["entries"]]
    order = {"order": ids[::-1], "version": said["version"]}
    said = ask("coordinator", here + "agenda/order/", 200, order)
    assert [entry["hearing"]["case"] for entry in said["entries"]] == cases[::-1]
    said = ask("coordinator", here + "agenda/send/", 200, {})
    assert said["state"] == Meeting.State.AGENDA_OUT
    assert len(ask("agency", here + "agenda/", 200)["entries"]) == 2
    ask("agency_b", here + "agenda/", 403)
    hearing = Hearing.objects.get(case__reference=cases[0])
    row = request(hearing)
    assert len(ask("agency", "research/", 200)["results"]) == 2
    answer = {"words": "Noise", "version": row.version}
    assert ask("agency", f"research/{row.pk}/", 200, answer)["state"] == "returned"
    assert ask("agency", f"research/{row.pk}/", 200)["words"] == "Noise"
    ask("coordinator", f"research/{row.pk}/", 403, answer)
    assert ask("coordinator", here + "research/chase/", 200, {}) == {"chased": 5}
    near = here + f"cases/{cases[0]}/conflict/"
    ask("agency", near, 204, {"words": "A cousin"})
    ask("agency", f"research/{row.pk}/", 404)
    off = here + f"cases/{cases[1]}/take-off/"
    said = ask("coordinator", off, 200, {"words": "She moved"})
    assert [entry["hearing"]["case"] for entry in said["entries"]] == cases[:1]
