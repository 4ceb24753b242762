"""What is typed after a meeting: further versions of minutes, wishes, tellings, ends of flags."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import RefusableForm

#: So many cases are set right in one version; there may be another one.
ROWS = 3


def _words(label: str, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class ApproveForm(RefusableForm):
    """Approval; for a further version why there is one, and what it sets right of which case."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    because = _words(
        "Why there is a further version", 2, help_text="For those who keep the conference."
    )

    def __init__(self, *args: Any, cases: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose"), *[(str(key), words) for key, words in cases]]
        for row in range(1, ROWS + 1):
            self.fields[f"case_{row}"] = forms.ChoiceField(
                label=f"Case {row}", choices=choices, required=False
            )
            self.fields[f"words_{row}"] = _words(f"What is right in case {row}", 2)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"case_{row}"], self[f"words_{row}"]) for row in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """A case and its words belong together; two rows of one case are one correction."""
        said = super().clean() or {}
        for row in range(1, ROWS + 1):
            case, words = said.get(f"case_{row}"), said.get(f"words_{row}")
            if words and not case:
                self.add_error(f"case_{row}", "Choose the case that this sets right.")
            if case and not words:
                self.add_error(f"words_{row}", "Say what is right.")
        return said

    def corrections(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for row in range(1, ROWS + 1):
            case, words = self.cleaned_data[f"case_{row}"], self.cleaned_data[f"words_{row}"]
            if case and words:
                key = int(case)
                found[key] = f"{found[key]}\n{words}" if key in found else words
        return found


class WishesForm(RefusableForm):
    wanted = _words(
        "What they want of the meeting",
        5,
        help_text="In their own words where you can: what they fear, what would help, what must "
        "not happen.",
    )
    not_asked_because = _words(
        "Or: why nobody could ask", 2, help_text="Only where you did not speak with them."
    )


class ToldForm(RefusableForm):
    words = _words(
        "What you told them",
        5,
        help_text="What was decided, who does what by when, and what they said to it.",
    )


class EndFlagForm(RefusableForm):
    words = _words("Why it ends before its time", 3)
