"""The forms of this app, by topic."""

from victims.forms.markers import EndMarkerForm, MarkerForm
from victims.forms.refusable import RefusableForm
from victims.forms.safe_contact import SafeContactForm

__all__ = ["EndMarkerForm", "MarkerForm", "RefusableForm", "SafeContactForm"]
