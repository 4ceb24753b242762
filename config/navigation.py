"""What each role finds in the bar, in the order of what is waiting."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from perpetrators.models import CustodyEvent

#: Where a person of a role begins; the first role that they hold counts.
HOMES: tuple[tuple[Role, str], ...] = (
    (Role.CALL_HANDLER, "incidents:call"),
    (Role.CONTROL_INSPECTOR, "incidents:closures"),
    (Role.SUPERVISOR, "risk:reviews"),
    (Role.RESPONSE_OFFICER, "incidents:mine"),
    (Role.MARU_WORKER, "referrals:queue"),
    (Role.MARU_MANAGER, "referrals:queue"),
    (Role.HEAD_OF_PUBLIC_PROTECTION, "referrals:queue"),
    (Role.IDVA, "referrals:clients"),
    (Role.IDVA_MANAGER, "referrals:advisers"),
    (Role.SUPERINTENDENT, "perpetrators:notices"),
    (Role.CUSTODY_OFFICER, "perpetrators:custody"),
    (Role.MARAC_COORDINATOR, "marac:meetings"),
    (Role.MARAC_CHAIR, "marac:meetings"),
    (Role.AGENCY_REPRESENTATIVE, "referrals:shared"),
)

#: Label, URL name, and the permission that opens it ("" for everybody).
ENTRIES: tuple[tuple[str, str, str], ...] = (
    ("My clients", "referrals:clients", "referrals.support_victims"),
    ("Advisers", "referrals:advisers", "referrals.allocate_cases"),
    ("Closures", "incidents:closures", "incidents.sign_off_closure"),
    ("Log a call", "incidents:call", "incidents.log_call"),
    ("Incidents", "incidents:list", "incidents.view_incidents"),
    ("Resources", "incidents:resources", "incidents.manage_resources"),
    ("My incidents", "incidents:mine", "incidents.attend_incident"),
    ("To be told", "victims:to_tell", "victims.hand_over_duty"),
    ("Reviews", "risk:reviews", "risk.review_assessment"),
    ("Reassess", "risk:reassessments", "risk.reassess_risk"),
    ("Non-crimes", "incidents:non_crime_reviews", "incidents.review_non_crimes"),
    ("Supervision", "incidents:supervision", "incidents.view_supervision"),
    ("Referrals", "referrals:queue", "referrals.view_queue"),
    ("Backlog", "referrals:backlog", "referrals.view_backlog"),
    ("Meetings", "marac:meetings", "marac.attend_meetings"),
    ("Cases", "marac:cases", "marac.attend_meetings"),
    ("Actions", "marac:actions", "marac.attend_meetings"),
    ("Research", "marac:research", "marac.attend_meetings"),
    ("Ask and tell", "marac:to_report", "referrals.support_victims"),
    ("Ask and tell", "marac:to_report", "marac.keep_conferences"),
    ("Handovers", "marac:transfers", "marac.view_conferences"),
    ("Return", "marac:return", "marac.view_return"),
    ("Agencies", "referrals:agencies", "referrals.manage_agencies"),
    ("Schools", "referrals:schools", "referrals.view_queue"),
    ("Refer", "referrals:refer", "referrals.refer_to_unit"),
    ("Referred", "referrals:sent", "referrals.refer_to_unit"),
    ("Notices", "perpetrators:notices", "perpetrators.authorise_notice"),
    ("Notices", "perpetrators:notices", "perpetrators.ask_for_notice"),
    ("Disclosures", "perpetrators:disclosures", "perpetrators.work_disclosure"),
    ("In and out", "perpetrators:custody", "perpetrators.record_custody"),
    ("Matching", "perpetrators:matching", "perpetrators.match_custody"),
    ("Custody files", "perpetrators:custody_files", "perpetrators.send_custody_events"),
    ("Serial", "perpetrators:serial", "perpetrators.manage_perpetrator"),
    ("Shared with us", "referrals:shared", "referrals.see_shared"),
    ("Ask victims", "referrals:voice_to_ask", "referrals.ask_voice"),
    ("Victims' voice", "referrals:voice", "referrals.view_voice"),
    ("My duties", "victims:my_duties", "victims.hand_over_duty"),
    ("People", "victims:people_here", "victims.assign_duty"),
    ("Markers", "victims:markers_to_review", "victims.set_marker"),
    ("Withheld", "victims:withheld_list", "victims.keep_withholdings"),
    ("Emergencies", "victims:glass", "victims.break_glass"),
    ("Emergencies", "victims:glass", "audit.view_audit"),
    ("Clocks", "deadlines:clocks", "deadlines.view_clocks"),
    ("Policy", "risk:trigger_rules", "core.change_policy"),
    ("Questionnaires", "risk:instruments", "risk.edit_instrument"),
    ("Learning", "learning:notices", ""),
)

#: How much waits behind an entry, told to the role that answers for it: a query for each page.
COUNTS: dict[str, tuple[Role, Callable[[], int]]] = {
    "perpetrators:matching": (
        Role.CUSTODY_OFFICER,
        lambda: CustodyEvent.objects.unmatched().count(),
    ),
}


@dataclass(frozen=True)
class Entry:
    url: str
    label: str
    current: bool
    count: int | None = None


def navigation(user: User, path: str) -> list[Entry]:
    """The entries that this person may open; the one they are on is marked."""
    entries: list[Entry] = []
    for label, name, permission in ENTRIES:
        if permission and not user.has_perm(permission):
            continue
        url = reverse(name)
        # Two permissions may open one page: whoever holds both finds it once.
        if any(entry.url == url for entry in entries):
            continue
        entries.append(Entry(url, label, path == url, _count(user, name)))
    return entries


def _count(user: User, name: str) -> int | None:
    role, count = COUNTS.get(name, (None, None))
    return count() if count and role in user.role_names else None


def home_of(user: User) -> str:
    """The URL name of this person's "what is waiting for me"."""
    for role, name in HOMES:
        if role in user.role_names:
            return name
    return "deadlines:waiting"
