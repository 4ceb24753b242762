"""Photographs and documents: added, given to who may see them, withdrawn, and checked."""

from incidents.services.exhibits.adding import Added, Particulars, add_exhibit, most_bytes
from incidents.services.exhibits.checking import Checked, check_files, remove_orphans
from incidents.services.exhibits.giving import Changed, open_exhibit
from incidents.services.exhibits.withdrawing import may_withdraw, withdraw_exhibit

__all__ = [
    "Added",
    "Changed",
    "Checked",
    "Particulars",
    "add_exhibit",
    "check_files",
    "may_withdraw",
    "most_bytes",
    "open_exhibit",
    "remove_orphans",
    "withdraw_exhibit",
]
