"""The forms of this app, by topic."""

from core.forms import RefusableForm
from victims.forms.circumstances import CircumstanceForm
from victims.forms.contacts import ContactForm, NotReachedForm, WhoseForm
from victims.forms.markers import EndMarkerForm, MarkerForm, ReviewMarkerForm
from victims.forms.plans import PlanForms, PlanReviewForm, StepDoneForm
from victims.forms.safe_contact import SafeContactForm
from victims.forms.statements import AnswerForm, OfferForm, StatementForm

__all__ = [
    "AnswerForm",
    "CircumstanceForm",
    "ContactForm",
    "EndMarkerForm",
    "MarkerForm",
    "NotReachedForm",
    "OfferForm",
    "PlanForms",
    "PlanReviewForm",
    "RefusableForm",
    "ReviewMarkerForm",
    "SafeContactForm",
    "StatementForm",
    "StepDoneForm",
    "WhoseForm",
]
