"""Rules and remaining time in words, as the pages show them."""

from datetime import timedelta

from core.working_time.allowances import Allowance, Clock, require_unit

_MINUTE = timedelta(minutes=1)
_SHOWN_IN_DAYS_FROM = timedelta(hours=72)


def describe(clock: Clock, allowance: Allowance) -> str:
    """The rule, to stand beside a deadline: "48 hours, not counting Sundays and bank holidays".

    Raises ValueError when the allowance's unit does not belong to the clock.
    """
    require_unit(clock, allowance)
    if clock is Clock.NEXT_SCHOOL_DAY:
        return f"before the next school day begins at {allowance.school_day_starts:%H:%M}"
    if not allowance.units:
        return "at the time set" if clock is Clock.FIXED else "at once"
    words = _amount_in_words(allowance)
    if clock is Clock.COURT:
        return f"{words}, not counting Sundays and bank holidays"
    return f"{words} before" if clock is Clock.FIXED else words


def format_left(left: timedelta) -> str:
    """Time left (positive) or over (negative): "5 h 20 min left", "4 h 10 min over", "3 days left".

    Parts of a minute are dropped, so that no more is promised than there is. Minutes alone below
    an hour; whole days from 72 hours on.
    """
    if not left:
        return "due now"
    side = "left" if left > timedelta(0) else "over"
    amount = abs(left)
    if amount < _MINUTE:
        return f"less than 1 min {side}"
    if amount >= _SHOWN_IN_DAYS_FROM:
        return f"{amount.days} days {side}"
    hours, minutes = divmod(amount // _MINUTE, 60)
    return f"{hours} h {minutes:02d} min {side}" if hours else f"{minutes} min {side}"


def _amount_in_words(allowance: Allowance) -> str:
    amounts = (
        (allowance.hours, "hour"),
        (allowance.minutes, "minute"),
        (allowance.days, "day"),
        (allowance.working_days, "working day"),
    )
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in amounts if n)
