"""The return for other systems: the same figures as its page and its files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from marac.forms.returns import ReturnForm
from marac.permissions import can_view_return
from marac.returns import Return, tables
from marac.returns.asking import of_wanted
from marac.returns.periods import day_of


class ReturnPeriodOut(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField(help_text="In the period")


class ReturnFigureOut(serializers.Serializer[Any]):
    part = serializers.CharField(help_text="All, conference, meeting, three months or agency")
    name = serializers.CharField()
    period = ReturnPeriodOut()
    figure = serializers.CharField()
    number = serializers.FloatField(allow_null=True)
    of = serializers.IntegerField(allow_null=True, help_text="What it is a share of")
    not_known = serializers.IntegerField(allow_null=True)
    percent = serializers.FloatField(
        allow_null=True, help_text="Null where there is nothing to take a share of"
    )


class ReturnOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    period = ReturnPeriodOut()
    year = ReturnPeriodOut()
    is_over = serializers.BooleanField(help_text="False: figures may still grow")
    figures = ReturnFigureOut(many=True)


def _said(found: Return) -> dict[str, Any]:
    return {
        "at": found.at,
        "period": found.period,
        "year": found.year,
        "is_over": found.is_over,
        "figures": [_figure(one) for one in tables.told(found)],
    }


def _figure(one: tables.Told) -> dict[str, Any]:
    cell = one.cell
    return {
        "part": one.part,
        "name": one.name,
        "period": one.period,
        "figure": one.words,
        "number": cell.number,
        "of": cell.of,
        "not_known": cell.not_known,
        "percent": cell.percent,
    }


QUERY = [
    OpenApiParameter("quarter", OpenApiTypes.STR, description="2026-3; the last whole one if none"),
    OpenApiParameter("conference", OpenApiTypes.INT, description="One of them; all if none"),
]


class ReturnNumbers(APIView):
    @extend_schema(parameters=QUERY, responses=ReturnOut)
    def get(self, request: Request) -> Response:
        """Every figure of a quarter and of the rolling year that ends with it; nobody is named."""
        if not isinstance(request.user, User) or not can_view_return(request.user):
            raise PermissionDenied("The conferences in numbers are not for your role.")
        at = clock.now()
        form = ReturnForm(request.query_params, today=day_of(at))
        if not form.is_valid():
            raise exceptions.ValidationError(
                {name: [str(one) for one in words] for name, words in form.errors.items()}
            )
        return Response(ReturnOut(_said(of_wanted(form.wanted, at))).data)


api_urls = [path("marac/return/", ReturnNumbers.as_view(), name="marac_return")]
