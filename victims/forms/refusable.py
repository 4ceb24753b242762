"""What every form here can do."""

from core.forms import RefusableForm, VersionedForm

__all__ = ["RefusableForm", "VersionedForm"]
