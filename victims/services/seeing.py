"""Whether somebody still sees a victim when they write: asked again under the lock."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.withheld import withheld_from
from victims.models import Victim

NO_LONGER = "You do not see this record any more. Whoever leads you says who has it now."


def require_seen(victim: Victim, actor: User) -> None:
    """Refuse words about a locked victim from somebody who sees them no more.

    A page may have been opened before a case was closed, passed on or withheld, and sent after it.
    Whoever ends access locks the same victim, so one of the two comes first. Two queries. Raises
    PermissionDenied.
    """
    seen = Victim.objects.visible_to(actor).filter(pk=victim.pk).exists()
    if not seen or withheld_from([actor.pk], victim.pk):
        raise PermissionDenied(NO_LONGER)
