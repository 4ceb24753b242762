"""Protection notices and orders: every write, by topic."""

from perpetrators.services.orders.asking import ask_for_notice, withdraw_notice
from perpetrators.services.orders.breaching import breach_by_crime, record_breach
from perpetrators.services.orders.conditions import Condition
from perpetrators.services.orders.deciding import decide_notice
from perpetrators.services.orders.hearing import Hearing, lapse_notice, record_hearing
from perpetrators.services.orders.recording import end_order, record_order
from perpetrators.services.orders.serving import serve_notice, set_hearing

__all__ = [
    "Condition",
    "Hearing",
    "ask_for_notice",
    "breach_by_crime",
    "decide_notice",
    "end_order",
    "lapse_notice",
    "record_breach",
    "record_hearing",
    "record_order",
    "serve_notice",
    "set_hearing",
    "withdraw_notice",
]
