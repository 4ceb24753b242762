"""The page behind a link that a victim was given: open to whoever has it, and says nothing.

It sets no cookie, names nobody and nothing, and is the same for a link that never was and one whose
time is over. Whoever tries one link after another waits, whether or not the next would open.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import clock, knocks
from referrals.forms.voice import LinkForm
from referrals.models import Survey
from referrals.services import voice

DOOR = "voice"


# No session stands behind this page, so there is none that another site could misuse; whoever may
# answer has the secret in the address. Without a token it needs no cookie on the telephone.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A few questions, thanks once they are answered, or that nothing is here."""
    at, place = clock.now(), get_adapter().get_client_ip(request)
    if knocks.must_wait(DOOR, place):
        return _plain("wait", 429)
    survey = voice.behind_link(secret, at)
    if survey is None:
        knocks.in_vain(DOOR, place)
        return _plain("over", 404)
    if survey.state == Survey.State.ANSWERED:
        return _plain("thanks")
    if request.method != "POST":
        return _plain("questions", form=LinkForm(about=survey.about))
    form = LinkForm(request.POST, about=survey.about)
    if form.carries_out(voice.answer_by_link, secret=secret, at=at):
        return _plain("thanks") if form.result else _plain("over", 404)
    return _plain("questions", 400, form=form)


def _plain(page: str, status: int = 200, **context: object) -> HttpResponse:
    """A page without the frame of the service: no name, no cookie, no trace for others."""
    response = HttpResponse(
        render_to_string(f"referrals/voice/link/{page}.html", context), status=status
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
