"""What templates need to speak as the service does: times, time left, grades and form fields.

The library is a built-in of the template engine, so templates use it without ``{% load %}``.
No models here: tags take plain values.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock
from core.errors import Stale
from core.working_time import format_left

register = template.Library()

#: Grade code to (words on the badge, CSS class). Risk and response share one scale of colours.
GRADES = {
    "standard": ("Standard", "g-s"),
    "medium": ("Medium", "g-m"),
    "high": ("High", "g-h"),
    "very_high": ("Very high", "g-v"),
    "immediate": ("Immediate", "g-v"),
    "priority": ("Priority", "g-h"),
    "routine": ("Routine", "g-s"),
    "appointment": ("Appointment", "g-n"),
}
NO_GRADE = ("Not graded", "g-n")

MESSAGE_CLASSES = {
    "error": "alertbar",
    "warning": "warnbar",
    "success": "okbar",
    "info": "infobar",
    "debug": "infobar",
}

#: Share of the allowance, in per cent, from which a running deadline is coloured.
WARN_AT, ALARM_AT = 50, 90


class FieldError(NamedTuple):
    """One thing to put right: the words, and the id of the input they belong to ("" for none)."""

    words: str
    target: str


# --- Times --------------------------------------------------------------------------------------


def _present(context: Context) -> datetime:
    """The page's own instant where the view gave one, so that a page agrees with itself."""
    given = context.get("now")
    return given if isinstance(given, datetime) else clock.now()


def day_words(day: date, today: date) -> str:
    """A day as a person says it: Today, Yesterday, Tomorrow, else "Mon 14 Sep 2026"."""
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((day - today).days)
    return near or f"{day:%a} {day.day} {day:%b %Y}"


def local_words(instant: datetime, now: datetime) -> str:
    """An instant on the force's clock: "Today 02:42", or "Mon 14 Sep 2026, 02:42"."""
    there = clock.local(instant)
    day = day_words(there.date(), clock.local(now).date())
    return f"{day}{',' if ' ' in day else ''} {there:%H:%M}"


def exact_words(instant: datetime) -> str:
    """The exact instant with its zone, for who must know: "14 September 2026, 02:42:07 BST"."""
    there = clock.local(instant)
    return f"{there.day} {there:%B %Y, %H:%M:%S %Z}"


@register.simple_tag(takes_context=True)
def local_time(context: Context, instant: datetime | None, now: datetime | None = None) -> str:
    """A ``<time>`` in local words with the exact instant on hover; nothing for None."""
    if instant is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        instant.isoformat(timespec="seconds"),
        exact_words(instant),
        local_words(instant, now or _present(context)),
    )


@register.simple_tag
def local_date(day: date | None) -> str:
    """A ``<time>`` for a day without an hour (a birthday, a hearing): "14 Sep 2026"."""
    if day is None:
        return ""
    words = f"{day.day} {day:%b %Y}"
    return format_html('<time datetime="{}">{}</time>', f"{day:%Y-%m-%d}", words)


@register.simple_tag
def clock_time(instant: datetime) -> str:
    """Only the hour, for what happened moments ago: "03:20"."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        instant.isoformat(timespec="seconds"),
        exact_words(instant),
        f"{clock.local(instant):%H:%M}",
    )


@register.simple_tag(takes_context=True)
def time_left(context: Context, due: datetime | None, now: datetime | None = None) -> str:
    """Time until `due` in words, "5 h 20 min left" or "4 h 10 min over"; the page keeps it so."""
    if due is None:
        return ""
    present = now or _present(context)
    return format_html(
        '<b data-due="{}" title="due {}">{}</b>',
        due.isoformat(timespec="seconds"),
        exact_words(due),
        format_left(due - present),
    )


@register.simple_tag(takes_context=True)
def percent_used(
    context: Context, started: datetime, due: datetime, now: datetime | None = None
) -> int:
    """How much of the allowance is gone, 0 to 100 per cent; 100 once the time is over."""
    return share_used(started, due, now or _present(context))


def share_used(started: datetime, due: datetime, now: datetime) -> int:
    """Whole per cent of the way from `started` to `due`, never below 0 or above 100."""
    allowance = due - started
    if allowance <= timedelta(0):
        return 100
    return max(0, min(100, int((now - started) / allowance * 100)))


@register.filter
def meter_class(percent: int) -> str:
    """Colour of a meter: "" below half, "w" from half of the allowance, "o" in its last tenth."""
    if percent >= ALARM_AT:
        return "o"
    return "w" if percent >= WARN_AT else ""


# --- Grades and messages ------------------------------------------------------------------------


@register.simple_tag
def grade_badge(code: str | None) -> SafeString:
    """The badge of a risk or response grade; None, "" and "none" read "Not graded"."""
    words, css_class = GRADES.get(str(code or ""), NO_GRADE)
    return format_html('<span class="grade {}">{}</span>', css_class, words)


@register.filter
def grade_words(code: str | None) -> str:
    """The grade's name for running text."""
    return GRADES.get(str(code or ""), NO_GRADE)[0]


@register.simple_tag
def message_class(message: Message) -> str:
    """The banner that fits a message's level."""
    return MESSAGE_CLASSES.get(message.level_tag, "infobar")


class BothVersions(NamedTuple):
    """One field of a stale edit: what is on record now, and what was sent."""

    name: str
    theirs: str
    yours: str
    differs: bool


@register.filter
def both_versions(error: Stale) -> list[BothVersions]:
    """The fields of a stale edit side by side, so that nothing typed is lost."""
    rows = []
    for name in dict.fromkeys([*error.theirs, *error.yours]):
        theirs, yours = (str(side.get(name, "")) for side in (error.theirs, error.yours))
        words = name.replace("_", " ").capitalize()
        rows.append(BothVersions(words, theirs, yours, differs=theirs != yours))
    return rows


# --- Forms --------------------------------------------------------------------------------------


def _is_group(field: BoundField) -> bool:
    """Whether the field is drawn as several inputs, each with an id of its own."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


def first_id(field: BoundField) -> str:
    """The id of the input to go to: the first of a group, the only one otherwise."""
    if _is_group(field):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _forms_in(item: object) -> Iterator[BaseForm]:
    if isinstance(item, BaseForm):
        yield item
    elif isinstance(item, BaseFormSet):
        yield from item.forms


def _named(field: BoundField) -> str:
    """The field's label as the start of a sentence about it."""
    label = str(field.label).rstrip(":")
    return label if label.endswith(("?", ".", "!")) else f"{label}:"


def _errors_of(form: BaseForm) -> Iterator[FieldError]:
    if not form.is_bound:
        return
    for words in form.non_field_errors():
        yield FieldError(str(words), "")
    for name in form.errors:
        if name in form.fields:
            field = form[name]
            if field.is_hidden:
                yield from (FieldError(str(words), "") for words in field.errors)
                continue
            for words in field.errors:
                yield FieldError(f"{_named(field)} {words}", first_id(field))


def all_errors(items: Iterable[object]) -> list[FieldError]:
    """Everything wrong in several forms and formsets, in the order in which they stand."""
    found: list[FieldError] = []
    for item in items:
        if isinstance(item, BaseFormSet) and item.is_bound:
            found += [FieldError(str(words), "") for words in item.non_form_errors()]
        for form in _forms_in(item):
            found += _errors_of(form)
    return found


def _page_errors(context: Context) -> list[FieldError]:
    """Errors of the page's `forms` (a list) or `form`."""
    forms = context.get("forms") or [context.get("form")]
    return all_errors(forms)


@register.simple_tag(takes_context=True)
def error_links(context: Context) -> list[FieldError]:
    """For the error summary: what is wrong in the page's `forms` or `form`."""
    return _page_errors(context)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """ "Error: " before the title of a page that has any, so that it is heard first."""
    return "Error: " if _page_errors(context) else ""


@register.simple_tag
def described_by(field: BoundField, hint: str = "") -> str:
    """Ids of the hint and the error that belong to a field, as ``aria-describedby`` wants them."""
    ids = []
    if hint or field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


@register.simple_tag
def field_input(field: BoundField, hint: str = "", css_class: str = "i") -> SafeString:
    """The field's own input in our look, tied to its hint and error.

    A placeholder is left out: it goes when typing begins, so words that matter belong in the hint.
    """
    classes = " ".join(filter(None, [css_class, str(field.field.widget.attrs.get("class", ""))]))
    attributes: dict[str, str | bool] = {"class": classes.strip(), "placeholder": False}
    if described := described_by(field, hint):
        attributes["aria-describedby"] = described
    return field.as_widget(attrs=attributes)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field needs a legend (radio buttons, tick boxes) rather than a label."""
    return _is_group(field)


@register.filter
def is_tick_box(field: BoundField) -> bool:
    """Whether the field is one tick box, whose label follows it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not _is_group(field)


@register.filter
def is_danger(value: Any, danger: str | None) -> bool:
    """Whether an answer is one of the alarming ones, given as "yes,here"."""
    return bool(value) and str(value) in str(danger or "").split(",")


@register.filter
def danger_of(field: BoundField) -> str:
    """The alarming answers that a form declares by ``data-danger`` on its widget."""
    return str(field.field.widget.attrs.get("data-danger", ""))
