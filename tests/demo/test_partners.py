"""What the demo shows of partners, advisers and victims' own voice."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef

from accounts.models import Withholding
from deadlines.models import Digest
from demo.load import Loaded
from referrals.models import (
    AgencyReferral,
    IdvaCase,
    Referral,
    ReferralPause,
    SchoolNotice,
    Sharing,
    Survey,
)
from tests.demo.a_year import AT
from victims.models import Victim, VictimAccess, VictimGrant

pytestmark = pytest.mark.django_db


def test_who_has_a_case_sees_its_victim_and_nobody_else_by_grant(year: Loaded) -> None:
    cases = IdvaCase.objects.filter(state="accepted", victim=OuterRef("content_object"))
    assert VictimGrant.objects.exists()
    held = cases.filter(owner=OuterRef("user"))
    opened = VictimAccess.objects.in_force(AT).filter(
        why="break_glass", person=OuterRef("user"), victim=OuterRef("content_object")
    )
    waiting = IdvaCase.objects.filter(state="referred", owner=OuterRef("user"))
    lonely = VictimGrant.objects.exclude(Exists(held)).exclude(Exists(opened))
    assert not lonely.exclude(Exists(waiting)).exists()


def test_advisers_have_clients_and_past_ones(year: Loaded) -> None:
    states = set(IdvaCase.objects.values_list("state", flat=True))
    assert {"accepted", "closed"} <= states
    mine = IdvaCase.objects.filter(state="accepted", owner__username="idva")
    story = Victim.objects.filter(person__family_name="O'Neill", idva_cases__in=mine)
    assert story.exists()


def test_agencies_read_what_they_were_told(year: Loaded) -> None:
    in_force = Sharing.objects.in_force(AT)
    assert in_force.filter(shared_at__gt=AT - timedelta(days=28)).exists()
    assert not in_force.filter(told=[]).exists()


def test_something_of_everything_waits(year: Loaded) -> None:
    assert Referral.objects.filter(agency__isnull=False, state="waiting").exists()
    assert AgencyReferral.objects.exists()
    assert SchoolNotice.objects.owed().exists()
    assert ReferralPause.objects.standing().exists()
    assert Survey.objects.open().exists()
    assert Survey.objects.filter(state="answered").count() > 5
    assert Withholding.objects.filter(ended_at=None).count() == 2
    assert VictimAccess.objects.filter(why="break_glass", looked_at=None).exists()


def test_this_mornings_digests_are_made(year: Loaded) -> None:
    todays = Digest.objects.filter(on=AT.date())
    assert todays.exists()
    assert todays.filter(acknowledged_at=None).exists()
