"""What makes a risk uncertain again, and what ceases to: the one way in for every trigger."""

from risk.services.triggers.firing import Fired, fire
from risk.services.triggers.grading import hurry
from risk.services.triggers.withdrawing import end_silence, withdraw

__all__ = ["Fired", "end_silence", "fire", "hurry", "withdraw"]
