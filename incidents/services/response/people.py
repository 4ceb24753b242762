"""The rows of a first response: what each party said, and each child."""

from dataclasses import replace

from core.errors import InvalidInput
from incidents.company import Company, Role
from incidents.models import ChildSeen, FirstResponse, PartyAccount
from incidents.services.response.findings import Findings
from incidents.services.response.said import Said, said_by
from victims.models import Person

#: Whoever is named so must be answered for; a witness may come to light later.
_NEEDED = (Role.VICTIM, Role.PERPETRATOR)


def checked(findings: Findings, company: Company) -> Findings:
    """The same, in the order of the incident, once everybody who must be is answered for.

    Raises InvalidInput at `parties` or `children`, or at the row of somebody who does not belong.
    """
    _check_rows("parties", [row.person for row in findings.parties], _parties(company))
    children = [row.person for row in findings.children if row.person]
    _check_rows("children", children, _children(company))
    _check_nobody_left_out(findings, company)
    order = list(_parties(company))
    return replace(
        findings, parties=tuple(sorted(findings.parties, key=lambda row: order.index(row.person)))
    )


def _parties(company: Company) -> dict[str, Person]:
    return {party.reference: party.person for party in company.parties}


def _children(company: Company) -> dict[str, Person]:
    return {row.person.reference: row.person for row in company.children}


def _check_rows(field: str, references: list[str], known: dict[str, Person]) -> None:
    for position, reference in enumerate(references):
        if reference not in known:
            raise InvalidInput(
                "This person is not named so in the incident.", field=f"{field}.{position}.person"
            )
        if reference in references[:position]:
            raise InvalidInput(
                f"{known[reference]} stands here twice.", field=f"{field}.{position}.person"
            )


def _check_nobody_left_out(findings: Findings, company: Company) -> None:
    answered = {row.person for row in findings.parties}
    for party in company.parties:
        if party.reference not in answered and set(party.roles) & set(_NEEDED):
            raise InvalidInput(
                f"Say whether {party.name} ({party.reference}) was spoken to.", field="parties"
            )
    seen = {row.person for row in findings.children}
    for row in company.children:
        if row.person.reference not in seen:
            raise InvalidInput(
                f"Say whether {row.person} ({row.person.reference}) was seen.", field="children"
            )


def keep(
    response: FirstResponse, findings: Findings, company: Company, *, before: Said | None
) -> None:
    """Write the rows anew where they differ; what they said before is in the audit's detail."""
    said = said_by(findings)
    if before is None or before["parties"] != said["parties"]:
        response.parties.all().delete()
        PartyAccount.objects.bulk_create(_party_rows(response, findings, _parties(company)))
    if before is None or before["children"] != said["children"]:
        response.children.all().delete()
        ChildSeen.objects.bulk_create(_child_rows(response, findings, _children(company)))


def _party_rows(
    response: FirstResponse, findings: Findings, known: dict[str, Person]
) -> list[PartyAccount]:
    return [
        PartyAccount(
            response=response,
            person=known[row.person],
            was_spoken_to=row.was_spoken_to,
            account=row.account,
            injuries=row.injuries,
            fear=row.fear,
        )
        for row in findings.parties
    ]


def _child_rows(
    response: FirstResponse, findings: Findings, known: dict[str, Person]
) -> list[ChildSeen]:
    return [
        ChildSeen(
            response=response,
            person=known.get(row.person),
            name=row.name,
            was_seen=row.was_seen,
            was_spoken_to=row.was_spoken_to,
            words=row.words,
        )
        for row in findings.children
    ]
