"""A row of people in the form of a call."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.fields import SharedFields, TypedField
from incidents.models import Involvement
from incidents.services.calls import MOST_PEOPLE
from incidents.services.people import OLDEST, PersonInCall
from victims.models import Person

#: Of somebody offered as being on record: they are not this person.
NEW = "new"
BIRTH_FORMATS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d/%m/%y")
ROLES = [(role.value, role.label.capitalize()) for role in Involvement.Role]


class PersonForm(forms.Form):
    """One row of people. A row that nobody filled in is left out."""

    role = forms.ChoiceField(
        label="Role",
        choices=ROLES,
        required=False,
        error_messages={"invalid_choice": "Choose a role."},
    )
    given_name = TypedField(label="Given name", longest=100, required=False)
    family_name = TypedField(label="Family name", longest=100, required=False)
    date_of_birth = forms.DateField(
        label="Birth date",
        required=False,
        input_formats=BIRTH_FORMATS,
        error_messages={"invalid": "Give a date as 14/3/1991, or an age instead."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    age = forms.IntegerField(
        label="or age",
        required=False,
        min_value=0,
        max_value=OLDEST,
        error_messages={"invalid": "Give whole years."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(
        label="Sex",
        choices=[("", ""), *Person.Sex.choices],
        required=False,
        error_messages={"invalid_choice": "Choose one of the answers offered."},
    )
    relationship = TypedField(label="Is their", longest=60, required=False)
    lives_here = forms.BooleanField(label="Lives at this address", required=False)
    person = forms.CharField(required=False, max_length=16, label="On record")

    def clean_date_of_birth(self) -> date | None:
        born: date | None = self.cleaned_data.get("date_of_birth")
        # Two figures of a year that would lie ahead are of the century before.
        if born and born > date.today() and len(self._raw("date_of_birth").split("/")[-1]) == 2:  # noqa: DTZ011
            return born.replace(year=born.year - 100)
        return born

    def _raw(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip()


PersonForm.base_fields = SharedFields(PersonForm.base_fields)
PeopleFormSet = forms.formset_factory(
    PersonForm, extra=0, max_num=MOST_PEOPLE, validate_max=True, absolute_max=MOST_PEOPLE + 10
)


def new_row(index: int) -> PersonForm:
    """An empty row of people at a position."""
    return PersonForm(prefix=f"people-{index}", initial={"role": Involvement.Role.WITNESS})


def person_of(given: Mapping[str, Any], ids: Mapping[str, int]) -> PersonInCall:
    """The person of one row; `ids` are row numbers by the references that the reader may see."""
    person_id = ids.get(str(given.get("person") or ""))
    return PersonInCall(
        role=str(given.get("role") or Involvement.Role.WITNESS),
        person_id=person_id,
        given_name=str(given.get("given_name") or ""),
        family_name=str(given.get("family_name") or ""),
        date_of_birth=given.get("date_of_birth"),
        age=given.get("age"),
        sex=str(given.get("sex") or Person.Sex.UNKNOWN),
        relationship=str(given.get("relationship") or ""),
        lives_here=bool(given.get("lives_here")),
        recognised_by="the call handler said who this is" if person_id else "",
    )


def ids_of(references: list[str], reader: User) -> dict[str, int]:
    """Row numbers of the people said to be on record, as far as the reader may see them."""
    wanted = [one for one in references if one and one != NEW and one.isprintable()]
    if not wanted:
        return {}
    seen = Person.objects.visible_to(reader).filter(reference__in=wanted)
    return dict(seen.values_list("reference", "pk"))


def birth_date(raw: str) -> date | None:
    """A birth date in any of the ways in which it is typed; none while it is not whole."""
    if not raw.strip():
        return None
    for pattern in BIRTH_FORMATS:
        try:
            return datetime.strptime(raw.strip(), pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
