"""Who is on duty and can be sent; who is turned back or free again; and that nobody is sent."""

from incidents.services.dispatch.duties import (
    change_unit,
    end_duty,
    make_available,
    make_unavailable,
    start_duty,
)
from incidents.services.dispatch.not_sending import send_nobody
from incidents.services.dispatch.standing_down import clear, clear_all, stand_down

__all__ = [
    "change_unit",
    "clear",
    "clear_all",
    "end_duty",
    "make_available",
    "make_unavailable",
    "send_nobody",
    "stand_down",
    "start_duty",
]
