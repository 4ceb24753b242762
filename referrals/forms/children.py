"""A referral of children as it is typed. The rules are the service's own."""

from typing import Any

from django import forms

from accounts.models import Agency, User
from incidents.forms.fields import YES_NO, TypedField, choice
from referrals.forms.incoming import day_field
from referrals.models import ChildrenConcern, Sharing
from referrals.services.children import Concern
from referrals.services.children.referring import LONGEST_PARENTS, OFFERED, USUAL, children_of
from referrals.services.working import LONGEST_WORDS
from victims.forms.contacts import OnceForm
from victims.models import Victim


class ReferChildrenForm(OnceForm):
    """Which children, how urgent, what was seen, what is feared."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Children's services",
        empty_label="Choose",
        error_messages={"required": "Choose which children's services."},
    )
    urgency = choice(ChildrenConcern.Urgency.choices, "How urgent", "now")
    children = forms.TypedMultipleChoiceField(
        label="Which children",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose children of this victim's incidents."},
    )
    child_name = TypedField(label="A child who is not named here yet", longest=150, required=False)
    child_born = day_field("Born", "If you know it.")
    seen = TypedField(
        label="What was seen and heard",
        longest=LONGEST_WORDS,
        rows=4,
        help_text="How the children were, what they said in their own words.",
    )
    worry = TypedField(label="What you fear will happen", longest=LONGEST_WORDS, rows=3)
    parents_know = choice(YES_NO, "Do the parents know of this referral")
    parents_words = TypedField(
        label="What they said to it, or why they do not know",
        longest=LONGEST_PARENTS,
        rows=2,
        required=False,
    )
    what = forms.MultipleChoiceField(
        label="What is told with it",
        choices=[(one.value, one.label) for one in OFFERED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what they need. The children's names and what you write here always.",
    )

    def __init__(self, *args: Any, victim: Victim, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency, children = self.fields["agency"], self.fields["children"]
        assert isinstance(agency, forms.ModelChoiceField)
        assert isinstance(children, forms.TypedMultipleChoiceField)
        agency.queryset = Agency.objects.filter(kind=Agency.Kind.CHILDREN)
        children.choices = [(child.pk, str(child)) for child in children_of(victim, reader)]
        self.fields["what"].initial = [one for one in USUAL if one != Sharing.What.CHILDREN]

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"agency_id": said["agency"].pk, "concern": self.concern(), "key": said["key"]}

    def concern(self) -> Concern:
        """What the service takes."""
        said = self.cleaned_data
        names = Concern.__dataclass_fields__.keys() - {"parents_know"}
        return Concern(
            **{name: said[name] for name in names}, parents_know=said["parents_know"] == "yes"
        )
