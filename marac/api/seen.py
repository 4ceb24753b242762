"""What the addresses of conferences share: seen or not there, then whether the role may."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from core.api.serializers import StrictSerializer
from marac import meetings as pages
from marac.models import Meeting
from marac.permissions import can_keep


class ConferenceApiView(APIView):
    """Who asks, and the meeting that they may see."""

    pagination_class = None

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user

    def meeting(self, reference: str) -> Meeting:
        return get_object_or_404(pages.seen(self.actor), reference=reference)

    def kept(self, reference: str) -> Meeting:
        """The meeting, for whoever plans meetings. Raises PermissionDenied for others."""
        found = self.meeting(reference)
        if not can_keep(self.actor, found.conference):
            raise PermissionDenied("Only coordinators plan meetings.")
        return found


def body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """What was sent, checked; what is not known is refused."""
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)
