"""What this app does when a lower app announces a fact."""

from core.events import when
from incidents.events import CrimeRecorded
from perpetrators.services import orders


@when(CrimeRecorded, "a crime of breaching an order has risk looked at again, and the victim told")
def breach_of_order(fact: CrimeRecorded) -> None:
    """Nothing for crimes of another category."""
    orders.breach_by_crime(crime_id=fact.crime_id, actor=fact.actor, at=fact.at)
