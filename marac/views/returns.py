"""The return on its page and as files; the populations that it is reckoned with."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError
from marac.forms.returns import PopulationForm, ReturnForm, Wanted
from marac.models import Population
from marac.permissions import can_import_population, can_view_return
from marac.returns import Return, files, page
from marac.returns.asking import of_wanted
from marac.returns.periods import day_of
from marac.services.population import MOST_BYTES, import_population

ON_A_PAGE = 25


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The national figures of a quarter and of the rolling year that ends with it."""
    reader, at = _reader(request), clock.now()
    form = ReturnForm(request.GET, today=day_of(at))
    wanted = form.wanted
    found = of_wanted(wanted, at)
    context = {
        **page.of(found),
        "form": form,
        "wanted": wanted,
        "meetings": Paginator(found.meetings, ON_A_PAGE).get_page(request.GET.get("page")),
        "may_import": can_import_population(reader),
    }
    return render(request, "marac/returns/page.html", context)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every figure as CSV; that it was taken is on record."""
    found, name = _taken(request, "csv")
    answer = StreamingHttpResponse(files.csv_lines(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same as a workbook with a sheet for each table; that it was taken is on record."""
    found, name = _taken(request, "xlsx")
    answer = HttpResponse(files.workbook(found), content_type=files.TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def population(request: HttpRequest) -> HttpResponse:
    """The populations that there are; by POST a table of further ones, whole or not at all."""
    reader, at = _reader(request), clock.now()
    if request.method != "POST":
        return _populations(request, reader, PopulationForm())
    if not can_import_population(reader):
        raise PermissionDenied("Those who keep conferences import populations.")
    form = PopulationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _populations(request, reader, form, status=400)
    try:
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
        done = import_population(content=content, actor=reader, at=at)
    except DomainError as error:
        form.refuse(error)
        bad = getattr(error, "lines", ())
        return _populations(request, reader, form, bad=bad, status=error.status)
    messages.success(
        request, f"{done.added} added, {done.changed} replaced, {done.same} as they were."
    )
    return redirect("marac:population")


def _populations(
    request: HttpRequest,
    reader: User,
    form: PopulationForm,
    *,
    bad: object = (),
    status: int = 200,
) -> HttpResponse:
    rows = Population.objects.select_related("conference", "imported_by")
    found = Paginator(rows.order_by("-year", "conference__name"), ON_A_PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "form": form,
        "forms": [form],
        "bad": bad,
        "may_import": can_import_population(reader),
    }
    return render(request, "marac/returns/population.html", context, status=status)


def _taken(request: HttpRequest, ending: str) -> tuple[Return, str]:
    """The return that is taken as a file, and the file's name; on record."""
    reader, at = _reader(request), clock.now()
    wanted = ReturnForm(request.GET, today=day_of(at)).wanted
    found = of_wanted(wanted, at)
    _record(reader, wanted, ending, at)
    first, last = wanted.period.first, wanted.period.last
    return found, f"marac-return-{first:%Y%m%d}-{last:%Y%m%d}.{ending}"


def _record(reader: User, wanted: Wanted, ending: str, at: datetime) -> None:
    audit.record(
        actor=reader,
        at=at,
        verb="marac.return_exported",
        subject="marac return",
        headline=f"Return of conferences exported ({ending})",
        detail={
            "from": wanted.period.first.isoformat(),
            "to": wanted.period.last.isoformat(),
            "conference": wanted.conference.name if wanted.conference else "",
        },
    )


def _reader(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_view_return(reader):
        raise PermissionDenied(
            "The return is for those who keep and chair conferences and answer for them."
        )
    return reader
