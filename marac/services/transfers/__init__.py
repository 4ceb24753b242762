"""A case goes to, or comes from, another area's conference: begun, checked, finished."""

from marac.services.transfers.beginning import begin_transfer, receive_transfer
from marac.services.transfers.checking import check_transfer, missing_before
from marac.services.transfers.finishing import cancel_transfer, finish_transfer

__all__ = [
    "begin_transfer",
    "cancel_transfer",
    "check_transfer",
    "finish_transfer",
    "missing_before",
    "receive_transfer",
]
