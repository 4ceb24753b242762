"""What the template library says: times, time left, badges, errors and fields in plain words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Engine

from core.errors import Stale
from core.templatetags import lodestar

NOW = datetime(2026, 11, 23, 2, 42, 7, tzinfo=UTC)
ENGINE = Engine(builtins=["core.templatetags.lodestar"])


def shown(source: str, **context: Any) -> str:
    return ENGINE.from_string(source).render(Context(context))


class Call(forms.Form):
    telephone = forms.CharField(
        help_text="As dialled", widget=forms.TextInput({"placeholder": "x"})
    )
    danger = forms.ChoiceField(
        label="Is anyone in danger?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect(attrs={"data-danger": "yes,here"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 23, 2, 42, tzinfo=UTC), "Today 02:42"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), "Yesterday 23:59"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "Tomorrow 12:00"),
        (datetime(2026, 9, 14, 1, 42, tzinfo=UTC), "Mon 14 Sep 2026, 02:42"),
    ],
)
def test_instants_are_in_local_words(instant: datetime, words: str) -> None:
    assert f">{words}</time>" in shown("{% local_time at now %}", at=instant, now=NOW)


def test_a_day_begins_at_local_midnight() -> None:
    summer_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 on 1 July by the wall clock
    assert lodestar.local_words(summer_midnight, summer_midnight) == "Today 00:30"
    assert lodestar.local_words(summer_midnight, summer_midnight - timedelta(hours=1)) == (
        "Tomorrow 00:30"
    )


def test_the_exact_instant_is_on_hover_with_its_zone() -> None:
    html = shown("{% local_time at now %}", at=datetime(2026, 9, 14, 1, 42, 7, tzinfo=UTC), now=NOW)
    assert 'title="14 September 2026, 02:42:07 BST"' in html
    assert 'datetime="2026-09-14T01:42:07+00:00"' in html


def test_days_and_hours_alone() -> None:
    assert shown("{% local_date day %}", day=date(2026, 9, 4)) == (
        '<time datetime="2026-09-04">4 Sep 2026</time>'
    )
    assert ">02:42</time>" in shown("{% clock_time at %}", at=NOW)
    assert shown("{% local_time None %}{% local_date None %}{% time_left None %}") == ""


def test_time_left_is_in_words_that_the_page_can_keep_fresh() -> None:
    due = NOW + timedelta(hours=5, minutes=20)
    html = shown("{% time_left due now %}", due=due, now=NOW)
    assert ">5 h 20 min left</b>" in html
    assert f'data-due="{due.isoformat()}"' in html
    assert ">4 h 10 min over</b>" in shown(
        "{% time_left due now %}", due=NOW - timedelta(hours=4, minutes=10), now=NOW
    )


@pytest.mark.parametrize(
    ("gone", "percent", "css_class"),
    [
        (-1, 0, ""),
        (0, 0, ""),
        (35, 48, ""),
        (36, 50, "w"),
        (64, 88, "w"),
        (65, 90, "o"),
        (99, 100, "o"),
    ],
)
def test_share_of_the_allowance(gone: int, percent: int, css_class: str) -> None:
    started = NOW - timedelta(hours=gone)
    used = lodestar.share_used(started, started + timedelta(hours=72), NOW)
    assert (used, lodestar.meter_class(used)) == (percent, css_class)


def test_an_allowance_of_nothing_is_used_up() -> None:
    assert lodestar.share_used(NOW, NOW, NOW) == 100


def test_badges() -> None:
    assert lodestar.grade_badge("very_high") == '<span class="grade g-v">Very high</span>'
    for code in (None, "", "none", "<b>"):
        assert lodestar.grade_badge(code) == '<span class="grade g-n">Not graded</span>'


def test_every_error_leads_to_its_field_and_names_it() -> None:
    form = Call({"version": "1"}, auto_id="id_%s")
    assert lodestar.all_errors([form]) == [
        lodestar.FieldError("Telephone: This field is required.", "id_telephone"),
        lodestar.FieldError("Is anyone in danger? This field is required.", "id_danger_0"),
    ]


def test_errors_of_formsets_and_hidden_fields_are_not_lost() -> None:
    formset = formset_factory(Call)(
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "1",
            "form-0-telephone": "01632 960001",
            "form-0-danger": "yes",
        }
    )
    assert [error.words for error in lodestar.all_errors([formset])] == ["This field is required."]


def test_a_page_with_errors_says_so_first_in_its_title() -> None:
    assert shown("{% error_prefix %}", form=Call({})) == "Error: "
    assert shown("{% error_prefix %}", form=Call()) == ""
    assert shown("{% error_prefix %}") == ""


def test_an_input_is_tied_to_its_hint_and_error_and_has_no_placeholder() -> None:
    html = shown("{% field_input form.telephone %}", form=Call({}))
    assert 'aria-describedby="id_telephone_helptext id_telephone_error"' in html
    assert 'aria-invalid="true"' in html
    assert "placeholder" not in html


def test_alarming_answers() -> None:
    declared = lodestar.danger_of(Call()["danger"])
    assert lodestar.is_danger("yes", declared)
    assert not any(
        lodestar.is_danger(value, declared) for value in ("no", "", None, "ye", "yes,here")
    )


def test_both_versions_of_a_stale_edit_stand_side_by_side() -> None:
    error = Stale("Changed.", theirs={"grade": "high"}, yours={"grade": "medium"}, version=3)
    assert lodestar.both_versions(error) == [
        lodestar.BothVersions("Grade", "high", "medium", differs=True)
    ]
