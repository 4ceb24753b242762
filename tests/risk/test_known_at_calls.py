"""What the next call handler is told of earlier assessments."""

from datetime import datetime, timedelta

from incidents.history import Clues, look_up
from tests.factories import risk
from tests.personas import person


def test_each_earlier_incident_carries_the_gravest_risk_assessed_after_it(
    db: None, at: datetime
) -> None:
    victim, other = risk.a_victim(at), risk.a_victim(at, given_name="Ruth")
    graded = risk.an_incident(at, victim, other, officer=person("officer"))
    risk.submitted(at, judged="standard", victim=victim, incident=graded)
    risk.submitted(at, "q18", judged="high", victim=other, incident=graded)
    ungraded = risk.an_incident(at + timedelta(days=1), victim, officer=person("officer"))

    history = look_up(
        clues=Clues(person_ids=(victim.person_id,)),
        at=at + timedelta(days=2),
        reader=person("handler"),
    )

    risks = {match.reference: match.risk for match in history.incidents}
    assert risks == {graded.reference: "high", ungraded.reference: ""}
