"""What the addresses of conferences share: seen or not there, then whether the role may."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.api import ActorView
from marac import meetings as pages
from marac.models import Meeting
from marac.permissions import can_keep


class ConferenceApiView(ActorView):
    """Who asks, and the meeting that they may see."""

    queryset = Meeting.objects.none()
    pagination_class = None

    def meeting(self, reference: str) -> Meeting:
        return get_object_or_404(pages.seen(self.actor), reference=reference)

    def kept(self, reference: str) -> Meeting:
        """The meeting, for whoever plans meetings. Raises PermissionDenied for others."""
        found = self.meeting(reference)
        if not can_keep(self.actor, found.conference):
            raise PermissionDenied("Only coordinators plan meetings.")
        return found
