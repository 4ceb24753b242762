"""Officers sent, arrived and recording, through the services as in use."""

from datetime import datetime, timedelta
from typing import Any

from incidents.company import company_of
from incidents.models import FirstResponse, Incident
from incidents.services import response
from incidents.services.people import PersonInCall
from incidents.services.response import ChildFound, Findings, PartyFound
from tests.factories.incidents import incident
from tests.personas import person
from tests.worlds import remembered

#: What an officer types who did everything; tests change one answer at a time.
DONE_WELL: dict[str, Any] = {
    "positive_action": "arrest",
    "positive_action_reason": "Breach of bail and threats made in front of us.",
    "spoken_apart": "yes",
    "children_present": "yes",
    "account": "Door damaged. She was shaking and whispered.",
    "golden_hour": ("neighbours", "photographs_scene"),
    "body_worn_video": "yes",
    "body_worn_video_exhibit": "TH/1",
    "supports_prosecution": "yes",
    "wishes": "I want him kept away from the children.",
    "counter_allegation": "no",
    "safety_measures": ("locks", "telephone", "officers_return"),
    "safety_plan": "Locks changed tonight; sister stays until Sunday.",
    "crime_committed": "no",
    "non_crime_reason": "Words only, no threat.",
}
#: A child whom the call did not name.
ELLA: dict[str, Any] = {
    "name": "Ella, 6",
    "was_seen": True,
    "was_spoken_to": True,
    "words": "Ella, 6, said that she hid.",
}
#: What is said of each party, in the order of their being named.
HEARD: tuple[dict[str, Any], ...] = (
    {
        "was_spoken_to": True,
        "account": "He kicked the door and shouted that he would finish it.",
        "injuries": "Red marks on the left arm.",
        "fear": "That he comes back when the children are asleep.",
    },
    {
        "was_spoken_to": True,
        "account": "He says that he wanted to fetch his clothes.",
        "injuries": "None seen, none said.",
        "fear": "",
    },
    {"was_spoken_to": False, "account": "Gone before we came; to be rung tomorrow."},
)


def parties_of(row: Incident) -> list[dict[str, Any]]:
    """Something said of each party of an incident, as the API takes it."""
    parties = company_of(row).parties
    return [
        {"person": party.reference, **HEARD[min(number, len(HEARD) - 1)]}
        for number, party in enumerate(parties)
    ]


def children_of(row: Incident) -> list[dict[str, Any]]:
    """Each child of an incident seen, and one more; as the API takes it."""
    named = [{**ELLA, "person": one.person.reference} for one in company_of(row).children]
    return [*named, ELLA]


def findings(about: Incident | None = None, **changes: Any) -> Findings:
    """The findings of an officer who did everything, with these answers changed.

    `about` is the incident whose people are answered for; the newest where none is given.
    """
    about = about or Incident.objects.latest("pk")
    people: dict[str, Any] = {
        "parties": tuple(PartyFound(**row) for row in parties_of(about)),
        "children": tuple(ChildFound(**row) for row in children_of(about)),
    }
    if changes.get("children_present") == "no":
        people["children"] = ()
    return Findings(**{**DONE_WELL, **people, **changes})


def as_posted(about: Incident | None = None, **changes: Any) -> dict[str, Any]:
    """The same as the page's form sends it."""
    about = about or Incident.objects.latest("pk")
    fields: dict[str, Any] = {
        **DONE_WELL,
        "golden_hour": list(DONE_WELL["golden_hour"]),
        "safety_measures": list(DONE_WELL["safety_measures"]),
        "record_version": "0",
        "version": "0",
    }
    for party in parties_of(about):
        name = f"party_{party['person']}_"
        fields[f"{name}spoken"] = "yes" if party["was_spoken_to"] else "no"
        for text in ("account", "injuries", "fear"):
            fields[f"{name}{text}"] = party.get(text, "")
    for number, child in enumerate(children_of(about), start=1):
        name = f"child_{number}_"
        fields[f"{name}person"] = child.get("person", "")
        fields[f"{name}name"] = child["name"]
        fields[f"{name}seen"] = "spoken"
        fields[f"{name}words"] = child["words"]
    return {**fields, **changes}


def as_sent(about: Incident | None = None, **changes: Any) -> dict[str, Any]:
    """The same as a program sends it to the API."""
    about = about or Incident.objects.latest("pk")
    lists = {name: list(DONE_WELL[name]) for name in ("golden_hour", "safety_measures")}
    people = {"parties": parties_of(about), "children": children_of(about)}
    return {**DONE_WELL, **lists, **people, **changes}


@remembered
def sent(*officers: str, at: datetime, **changes: Any) -> Incident:
    """An incident to which these personas were sent at once (two officers unless named)."""
    row = incident(at=at, **changes)
    names = officers or ("officer", "officer_b")
    response.send_officers(
        incident_id=row.pk,
        officers=[person(name) for name in names],
        actor=person("handler"),
        at=at,
        fewer_reason="" if len(names) > 1 else "nobody else is near",
        knowingly=True,
    )
    row.refresh_from_db()
    return row


@remembered
def attended(*officers: str, at: datetime, **changes: Any) -> Incident:
    """An incident where the first of these officers arrived nine minutes after the call."""
    row = sent(*officers, at=at, **changes)
    response.record_arrival(
        incident_id=row.pk,
        actor=person((officers or ("officer",))[0]),
        at=at + timedelta(minutes=9),
    )
    row.refresh_from_db()
    return row


@remembered
def responded(
    *, at: datetime, people: tuple[PersonInCall, ...] | None = None, **changes: Any
) -> FirstResponse:
    """A first response recorded half an hour after the call; `changes` are answers."""
    row = attended(at=at, **({"people": people} if people else {}))
    return response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(row, **changes),
        version=0,
        at=at + timedelta(minutes=30),
    )
