"""The look-up finds who is meant however they are spelt, and says why."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from incidents.history import Clues, NameClue, counted, look_up
from incidents.models import Incident, Involvement
from tests.factories.incidents import DARREN, NOW, SIOBHAN, in_call, incident
from tests.personas import person
from victims.models import Person

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)


def known(**clues):
    return look_up(clues=Clues(**clues), at=LATER, reader=person("handler"))


@pytest.mark.parametrize(
    ("clues", "reason"),
    [
        ({"number": "+447700900417"}, "same number"),
        ({"address_line": "Flat 4, 18 Tanglewood Court", "postcode": "PE1 9ZZ"}, "same address"),
        ({"address_line": "18 tanglewood ct flat 4", "postcode": "pe19zz"}, "same address"),
        ({"address_line": "Flat 9, 18 Tanglewood Court", "postcode": "PE1 9ZZ"}, "same building"),
        ({"postcode": "PE1 9ZZ"}, "same postcode"),
        ({"names": (NameClue("Siobhán", "O'Neill"),)}, "same name"),
        ({"names": (NameClue("Shevaun", "Oneal"),)},
         "O'Neill sounds like Oneal, Siobhán like Shevaun"),
        ({"names": (NameClue("O'Neill", "Siobhán"),)}, "given and family name swapped"),
        ({"names": (NameClue("", "O'Neill", date(1991, 3, 14)),)}, "same birth date"),
    ],
)
def test_finds_the_incident_and_says_why(clues, reason):
    earlier = incident()
    incident(
        caller_number="07700 900999", address_line="2 Fen Road", postcode="PE2 8AA",
        people=(in_call("victim", given_name="Marta", family_name="Lund"),),
    )

    found = known(**clues)

    assert [match.reference for match in found.incidents] == [earlier.reference]
    assert reason in found.incidents[0].reasons
