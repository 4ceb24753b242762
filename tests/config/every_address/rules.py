"""Who may open what: one line per address, HTML and API.

Reading: those named get 200; everybody else 404 (not seen) or 403 (seen, but not theirs to do).
Writing: an empty POST never succeeds for those who may not.
"""

from dataclasses import dataclass

from tests.personas import PEOPLE

CONTROL = {"handler", "handler_b", "inspector"}
OFFICERS = {"officer", "officer_b", "supervisor"}
INVESTIGATE = OFFICERS | {"investigator"}
MARU = {"worker", "worker_b", "manager"}
#: Roles that see every victim and no list of their own in the older tables.
OTHERS = {"superintendent", "investigator", "neighbourhood", "custody"}
#: Those who keep conferences see every victim, and work on none but before a conference.
KEEPERS = {"coordinator", "chair"}
POLICE = CONTROL | OFFICERS | MARU | {"head", "auditor"} | OTHERS | KEEPERS
#: Those who see people who harm, and who of them is in custody.
CUSTODY = POLICE - KEEPERS
#: idva was granted this victim, and idva_manager leads idva; idva_b and the agencies were not.
ADVISER = {"idva", "idva_manager"}
#: Advisers, whatever was granted to them: they have lists, and may hold duties.
GRANTED = ADVISER | {"idva_b"}
EVERYBODY = set(PEOPLE)


@dataclass(frozen=True)
class Rule:
    """Who may read (GET) and who may write (POST, PATCH); None: there is no such method."""

    read: frozenset[str] | None
    write: frozenset[str] | None = None


def rule(read: set[str] | None, write: set[str] | None = None) -> Rule:
    return Rule(
        None if read is None else frozenset(read), None if write is None else frozenset(write)
    )


CLOCKS = (
    CONTROL
    | OFFICERS
    | MARU
    | {"head", "superintendent", "investigator"}
    | GRANTED
    | {"coordinator"}
)
QUEUE = MARU | {"head"}
#: Those who keep partner agencies, and what could not be delivered to them.
KEEP_AGENCIES = {"manager", "head"}
#: Those who ask the IDVA service for a victim.
ASK_ADVISERS = MARU | {"investigator", "supervisor"}
#: Those who may see the unit's numbers, and nobody's name.
BACKLOG = QUEUE | {"superintendent", "analyst"}
#: Those who may see the conferences in numbers.
RETURN = KEEPERS | {"head", "superintendent", "analyst"}
SUPERVISION = {"supervisor", "inspector", "head", "superintendent"}

SPEAK_WITH_VICTIMS = CONTROL | OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood"}
MARK = {"inspector", "supervisor"} | MARU
#: Both officers who were there may write the assessment.
ASSESS = {"officer", "officer_b"}
#: A notice for call handlers and response officers is put to them alone; results are for leaders.
ASKED = {"handler", "handler_b", "officer", "officer_b"}
RESULTS = {"supervisor", "manager", "inspector", "head", "superintendent", "auditor", "analyst"} | {
    "idva_manager"
}
WRITERS = {"head", "superintendent"}
#: Whose people assess: response officers, the referral unit.
REVIEWERS = {"supervisor", "manager", "idva_manager"}
#: Those who look at a victim's risk again, between assessments too.
JUDGES = OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood", "head"}
#: Whoever hears of an order or a breach on duty.
RECORD = INVESTIGATE | MARU | {"head", "custody", "neighbourhood"}
HOLD_DUTIES = OFFICERS | MARU | GRANTED | {"investigator", "neighbourhood", "head", "inspector"}
LEADERS = {"supervisor", "manager", "inspector", "head", "idva_manager"}
CLOSE_CASES = {"supervisor", "manager", "head"}
#: The officer who has the victim, and who leads them.
GIVE = {"officer", "supervisor", "head"}
#: The officer who will be away, and who leads them.
AWAY = {"officer", "supervisor", "head"}
#: Who was there has the risk; those who lead may see to anybody's.
HAVE_RISK = {"officer", "supervisor", "manager", "head", "idva_manager"}
#: Those who say whom a custody message is about, and those who send and drop such messages.
MATCHERS = MARU | {"head", "investigator", "custody"}
CUSTODY_SENDERS = {"custody", "custody_system"}
CUSTODY_RECORDERS = {"custody", "investigator", "supervisor"}
#: Who keeps the force policy.
POLICY = {"head"}
#: Those who agree safety plans with victims.
PLANNERS = OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood"}
#: Those who keep in touch with victims; the list of what is owed is also for those who lead.
IN_TOUCH = JUDGES - {"head"}
OWED_BY = IN_TOUCH | {"head", "inspector", "idva_b"}
#: Those who keep management plans of people who harm.
#: Notes of one's own side, and for everybody.
NOTE_WRITERS = (POLICE | ADVISER) - {"auditor", "custody"} - KEEPERS
MANAGE = MARU | {"supervisor", "investigator", "neighbourhood", "head"}
#: Who speaks for a partner agency.
REPRESENTATIVES = {"agency", "agency_b"}
#: Who refers somebody to the unit from outside the police.
SENDERS = {"agency", "agency_b", "idva", "idva_b", "idva_manager"}
#: Those who keep in touch with victims ask them what they thought; those who lead see the numbers.
ASK_VOICE = OFFICERS | MARU | GRANTED | {"investigator", "neighbourhood"}
VIEW_VOICE = {"head", "superintendent", "supervisor", "manager", "idva_manager", "inspector"} | {
    "analyst"
}
#: Those who may come to conferences at all.
ATTEND = (
    KEEPERS
    | MARU
    | {"head", "supervisor", "investigator", "neighbourhood"}
    | GRANTED
    | (REPRESENTATIVES)
)
#: Of those, whose agency is invited to the meetings of every_address/conferences.py.
INVITED = ATTEND - GRANTED
#: Who signed their statements: to them the cases are open.
SIGNED = KEEPERS | {"supervisor", "agency"}
#: Who may see the world's action: its agency's own (housing), and whoever sees the victim.
SEE_ACTION = POLICE | ADVISER | KEEPERS | {"agency"}
#: Who refers victims to a conference; and of those, who may see the world's case.
PROPOSE = KEEPERS | MARU | {"investigator", "supervisor", "neighbourhood"} | SENDERS
DESCRIBE = PROPOSE & SEE_ACTION
#: Its agency's own, and those who keep or chair conferences, say what became of it.
ANSWER_ACTION = KEEPERS | {"agency"}
NOTICE = "<notice>/"
PROTECTION = "notices/<protection>/"
DISCLOSURE = "disclosures/<disclosure>/"
MEETING = "marac/meetings/<meeting>/"
#: A case at that meeting.
HEARING = MEETING + "cases/<marac_case>/"
#: The meeting that was held.
HELD = "marac/meetings/<held>/"
#: Those who work for the disclosure scheme; managers decide.
DISCLOSE = MARU | {"head", "investigator"}
VICTIM, INCIDENT, ASSESSMENT, REFERRAL = (
    "<victim>/",
    "<incident>/",
    "<assessment>/",
    "<referral>/",
)
#: The API changes these in place.
PATCHED = {"api/v1/incidents/<incident>/", "api/v1/assessments/<assessment>/"}

#: Those who say who must not receive anything.
KEEP_REGISTER = MARU | {"supervisor", "head"}
#: Advisers may open a record in an emergency; auditors and the head see every use.
EMERGENCIES = GRANTED | {"auditor", "head"}
#: The use is of idva, whom idva_manager leads.
ONE_EMERGENCY = {"idva", "idva_manager", "auditor", "head"}
#: Who has the victim's duties, who leads their team, and auditors.
SEE_ACCESS = {"officer", "supervisor", "head", "auditor"}

RULES: dict[str, Rule] = {
    "": rule(EVERYBODY),
    "search/": rule(EVERYBODY),
    "waiting/": rule(EVERYBODY),
    "waiting/seen/": rule(None, EVERYBODY),
    "clocks/": rule(CLOCKS),
    "digests/": rule(EVERYBODY),
    "digests/<digest>/": rule({"officer"}),
    "digests/<digest>/acknowledge/": rule(None, {"officer"}),
    "learning/": rule(EVERYBODY),
    "learning/results/": rule(RESULTS),
    "learning/results/team/": rule(RESULTS),
    "learning/results/export/": rule(RESULTS),
    "learning/written/": rule(WRITERS),
    "learning/new/": rule(WRITERS, WRITERS),
    "learning/" + NOTICE: rule(ASKED | RESULTS),
    "learning/" + NOTICE + "answer/": rule(None, ASKED),
    "learning/" + NOTICE + "edit/": rule(WRITERS, WRITERS),
    "learning/" + NOTICE + "preview/": rule(WRITERS),
    "learning/" + NOTICE + "publish/": rule(None, WRITERS),
    "learning/" + NOTICE + "replace/": rule(None, WRITERS),
    "learning/" + NOTICE + "withdraw/": rule(None, WRITERS),
    "victims/" + VICTIM: rule(POLICE | ADVISER),
    "victims/" + VICTIM + "timeline/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "who-looked/": rule({"auditor"}),
    "victims/" + VICTIM + "risk/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "risk/compare/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "risk/judge/": rule(JUDGES, JUDGES),
    "victims/" + VICTIM + "risk/agree/": rule(POLICE | ADVISER, REVIEWERS),
    "updates/": rule(OWED_BY),
    "victims/" + VICTIM + "contacts/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "updates/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "updates/<update>/not-reached/": rule(IN_TOUCH, IN_TOUCH),
    "victims/" + VICTIM + "statements/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "statements/<statement>/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "circumstances/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "safe-contact/": rule(SPEAK_WITH_VICTIMS, SPEAK_WITH_VICTIMS),
    "duties/": rule(HOLD_DUTIES),
    "people-here/": rule(LEADERS),
    # The officer's people; the manager leads another team.
    "people-here/<officer>/duties/": rule({"supervisor", "head"}, {"supervisor", "head"}),
    "victims/" + VICTIM + "case/": rule(CLOSE_CASES, CLOSE_CASES),
    "victims/" + VICTIM + "handover/": rule(GIVE, GIVE),
    "victims/" + VICTIM + "handover/<handover>/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "handover/<handover>/answer/": rule(None, {"officer_b"}),
    "victims/" + VICTIM + "handover/<handover>/withdraw/": rule(None, GIVE),
    "absences/": rule(EVERYBODY, EVERYBODY),
    "absences/<absence>/": rule(AWAY, AWAY),
    "absences/<absence>/end/": rule(None, AWAY),
    "withheld/": rule(KEEP_REGISTER),
    "victims/" + VICTIM + "withheld/": rule(KEEP_REGISTER, KEEP_REGISTER),
    "victims/" + VICTIM + "withheld/<withholding>/end/": rule(KEEP_REGISTER, KEEP_REGISTER),
    "victims/" + VICTIM + "access/": rule(SEE_ACCESS),
    "break-glass/": rule(EMERGENCIES, GRANTED),
    "break-glass/export/": rule({"auditor"}),
    "break-glass/<glass>/": rule(ONE_EMERGENCY, {"idva_manager", "head"}),
    "break-glass/<glass>/close/": rule(None, {"idva"}),
    "victims/" + VICTIM + "notes/": rule(POLICE | ADVISER, NOTE_WRITERS),
    # Whoever wrote it, or who leads them.
    "victims/" + VICTIM + "notes/<note>/strike/": rule(
        {"officer", "supervisor"}, {"officer", "supervisor"}
    ),
    "victims/" + VICTIM + "plan/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "plan/write/": rule(PLANNERS, PLANNERS),
    "victims/" + VICTIM + "plan/review/": rule(None, PLANNERS),
    "victims/" + VICTIM + "plan/shared/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "plan/steps/<step>/": rule(None, PLANNERS),
    "victims/" + VICTIM + "plan/versions/<version>/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "markers/": rule(MARK, MARK),
    "victims/" + VICTIM + "markers/<marker>/end/": rule(None, MARK),
    "markers/": rule(MARK),
    "markers/<warning>/": rule(MARK, MARK),
    "people/<person>/": rule(CUSTODY),
    "people/<person>/plan/": rule(CUSTODY, MANAGE),
    "people/<person>/plan/review/": rule(None, MANAGE),
    "people/<person>/plan/pass-on/": rule(None, MANAGE),
    "people/<person>/plan/end/": rule(None, MANAGE),
    "people/<person>/plan/edit/": rule(None, MANAGE),
    "people/<person>/apart/<other>/": rule(None, MANAGE),
    "people/<person>/apart/<other>/back/": rule(None, MANAGE),
    "serial/": rule(CUSTODY),
    "custody/": rule(CUSTODY),
    "calls/new/": rule(CONTROL, CONTROL),
    "calls/draft/": rule(None, CONTROL),
    "calls/history/": rule(None, CONTROL),
    "calls/person/": rule(None, CONTROL),
    "calls/<draft>/discard/": rule(None, {"handler"}),
    "incidents/": rule(POLICE - {"custody"} - KEEPERS),
    "my-incidents/": rule(OFFICERS),
    "my-incidents/duty/": rule(None, OFFICERS),
    "resources/": rule(CONTROL | OFFICERS, CONTROL),
    "resources/officers/<officer>/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT: rule(POLICE | ADVISER),
    "incidents/" + INCIDENT + "regrade/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "send/": rule(None, CONTROL),
    "incidents/" + INCIDENT + "send-nobody/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "stand-down/<officer>/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "clear/<officer>/": rule(None, CONTROL | {"officer"}),
    "incidents/" + INCIDENT + "crimes/": rule(None, CONTROL | OFFICERS),
    "incidents/" + INCIDENT + "crimes/<crime>/outcome/": rule(INVESTIGATE, INVESTIGATE),
    "incidents/" + INCIDENT + "exhibits/": rule(POLICE | ADVISER, CONTROL | INVESTIGATE),
    "incidents/" + INCIDENT + "exhibits/<exhibit>/": rule(POLICE | ADVISER),
    # Who added it, or a supervisor.
    "incidents/" + INCIDENT + "exhibits/<exhibit>/withdraw/": rule(
        {"officer", "supervisor"}, {"officer", "supervisor"}
    ),
    "non-crime-reviews/": rule({"supervisor"}),
    "non-crime-reviews/" + VICTIM: rule({"supervisor"}, {"supervisor"}),
    "incidents/" + INCIDENT + "briefing/": rule(POLICE),
    "incidents/" + INCIDENT + "further-call/": rule(None, CONTROL),
    "incidents/" + INCIDENT + "news/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "links/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "edit/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "presence/": rule(None, CONTROL | OFFICERS),
    "incidents/" + INCIDENT + "arrived/": rule(None, OFFICERS),
    "incidents/" + INCIDENT + "first-response/": rule(OFFICERS, OFFICERS),
    "incidents/" + INCIDENT + "first-response/draft/": rule(None, OFFICERS),
    "closures/": rule({"inspector"}),
    "incidents/" + INCIDENT + "closure/": rule(CONTROL | OFFICERS, CONTROL | OFFICERS),
    "supervision/": rule(SUPERVISION),
    "supervision/export/": rule(SUPERVISION),
    "incidents/" + INCIDENT + "supervision/": rule(SUPERVISION, {"supervisor"}),
    "incidents/" + INCIDENT + "assessments/": rule(None, OFFICERS),
    "assessments/" + ASSESSMENT: rule(POLICE | ADVISER, ASSESS),
    "assessments/" + ASSESSMENT + "keep/": rule(None, ASSESS),
    "assessments/" + ASSESSMENT + "submit/": rule(None, ASSESS),
    "assessments/" + ASSESSMENT + "unknowns/": rule(POLICE | ADVISER, JUDGES),
    "policy/trigger-rules/": rule(CLOCKS | POLICY),
    "policy/trigger-rules/<trigger>/": rule(POLICY, POLICY),
    "questionnaires/": rule(WRITERS),
    "questionnaires/new/": rule(WRITERS, WRITERS),
    "questionnaires/<instrument>/": rule(WRITERS),
    "questionnaires/<instrument>/begin/": rule(None, WRITERS),
    "questionnaires/<instrument>/edit/": rule(WRITERS, WRITERS),
    "questionnaires/<instrument>/publish/": rule(None, WRITERS),
    "questionnaires/<instrument>/discard/": rule(None, WRITERS),
    "questionnaires/<instrument>/export/": rule(WRITERS),
    "reassessments/": rule(JUDGES | GRANTED),
    "reassessments/<reassessment>/": rule(POLICE | ADVISER, HAVE_RISK),
    "reassessments/<reassessment>/take-over/": rule(None, HAVE_RISK | OFFICERS),
    "reassessments/<reassessment>/assess/": rule(None, HAVE_RISK),
    "reviews/": rule(REVIEWERS),
    "reviews/" + ASSESSMENT: rule(REVIEWERS, REVIEWERS),
    "notices/": rule(INVESTIGATE | {"superintendent"}),
    PROTECTION: rule(POLICE | ADVISER),
    PROTECTION + "decide/": rule(None, {"superintendent"}),
    PROTECTION + "serve/": rule(None, INVESTIGATE),
    PROTECTION + "hearing/": rule(None, INVESTIGATE),
    PROTECTION + "outcome/": rule(None, INVESTIGATE),
    PROTECTION + "lapse/": rule(None, INVESTIGATE),
    PROTECTION + "withdraw/": rule(None, INVESTIGATE),
    PROTECTION + "breach/": rule(None, RECORD),
    "incidents/" + INCIDENT + "notice/": rule(INVESTIGATE, INVESTIGATE),
    "disclosures/": rule(DISCLOSE),
    DISCLOSURE: rule(POLICE),
    DISCLOSURE + "check/": rule(None, DISCLOSE),
    DISCLOSURE + "decide/": rule(None, {"manager", "head"}),
    DISCLOSURE + "visit/": rule(None, DISCLOSE),
    DISCLOSURE + "take/": rule(None, DISCLOSE),
    DISCLOSURE + "withdraw/": rule(None, DISCLOSE),
    "victims/" + VICTIM + "disclosures/new/": rule(DISCLOSE, DISCLOSE),
    "victims/" + VICTIM + "orders/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "orders/new/": rule(RECORD, RECORD),
    "victims/" + VICTIM + "orders/<order>/end/": rule(RECORD, RECORD),
    "victims/" + VICTIM + "orders/<order>/breach/": rule(RECORD, RECORD),
    "custody/events/new/": rule(CUSTODY_RECORDERS, CUSTODY_RECORDERS),
    "custody/files/": rule(CUSTODY_SENDERS, CUSTODY_SENDERS),
    "custody/files/<file>/": rule(CUSTODY_SENDERS),
    "custody/files/<file>/refused/": rule(CUSTODY_SENDERS),
    "custody/matching/": rule(MATCHERS),
    "custody/matching/<message>/": rule(MATCHERS),
    "custody/matching/<message>/confirm/": rule(None, MATCHERS),
    "custody/matching/<message>/set-aside/": rule(None, MATCHERS),
    "custody/matching/<message>/take-up/": rule(None, MATCHERS),
    "custody/matching/<message>/take-back/": rule(None, MATCHERS),
    "backlog/": rule(BACKLOG),
    "backlog/export/": rule(BACKLOG),
    "marac/return/": rule(RETURN),
    "marac/return/export/": rule(RETURN),
    "marac/return/workbook/": rule(RETURN),
    "marac/return/population/": rule(RETURN, {"coordinator"}),
    "agencies/": rule(KEEP_AGENCIES),
    "agencies/add/": rule(KEEP_AGENCIES, KEEP_AGENCIES),
    "agencies/<agency>/": rule(KEEP_AGENCIES, KEEP_AGENCIES),
    "agencies/<agency>/secret/": rule(None, KEEP_AGENCIES),
    "agencies/<agency>/test/": rule(None, KEEP_AGENCIES),
    "agencies/<agency>/representatives/<representative>/": rule(KEEP_AGENCIES, KEEP_AGENCIES),
    "undelivered/": rule(KEEP_AGENCIES),
    "undelivered/<outgoing>/again/": rule(None, KEEP_AGENCIES),
    "undelivered/<outgoing>/drop/": rule(KEEP_AGENCIES, KEEP_AGENCIES),
    "refer/": rule(SENDERS, SENDERS),
    "referred/": rule(SENDERS),
    # The agency that sent it.
    "referred/<incoming>/": rule({"agency"}),
    "referrals/<incoming>/who/": rule(MARU),
    "referrals/<incoming>/who/say/": rule(None, MARU),
    "referrals/<incoming>/who/take-back/": rule(None, MARU),
    "referrals/<incoming>/who/answer/": rule(None, MARU),
    "referrals/<incoming>/who/safe-contact/": rule(None, MARU),
    "schools/": rule(QUEUE),
    "schools/" + INCIDENT: rule(QUEUE),
    "schools/" + INCIDENT + "tell/": rule(None, MARU),
    "schools/" + INCIDENT + "not-needed/": rule(None, MARU),
    "schools/" + INCIDENT + "needed/<school_notice>/": rule(None, MARU),
    "victims/" + VICTIM + "children/refer/": rule(IN_TOUCH, IN_TOUCH),
    "referrals/": rule(QUEUE),
    "referrals/export/": rule(QUEUE),
    "referrals/claim-next/": rule(None, MARU),
    "referrals/" + REFERRAL: rule(QUEUE),
    "referrals/" + REFERRAL + "claim/": rule(None, MARU),
    "referrals/" + REFERRAL + "release/": rule(None, MARU),
    "referrals/" + REFERRAL + "hand-over/": rule(None, MARU),
    "referrals/" + REFERRAL + "share/": rule(MARU, MARU),
    "victims/" + VICTIM + "sharings/": rule(POLICE | ADVISER, MARU),
    "sharings/<sharing>/": rule(POLICE | ADVISER),
    "sharings/<sharing>/withdraw/": rule(None, MARU),
    "shared/": rule(REPRESENTATIVES),
    "shared/export/": rule(REPRESENTATIVES),
    # The agency that was told; what the other was told is withdrawn.
    "shared/<sharing>/": rule({"agency"}),
    "shared/<sharing>/answer/": rule(None, {"agency"}),
    "shared/<sharing>/documents/<exhibit>/": rule({"agency"}),
    "referrals/" + REFERRAL + "complete/": rule(None, MARU),
    "referrals/batch/": rule(None, MARU),
    "referrals/" + REFERRAL + "opinion/": rule(None, MARU),
    "referrals/" + REFERRAL + "opinion/<opinion>/": rule(None, MARU),
    "referrals/" + REFERRAL + "opinion/<opinion>/withdraw/": rule(None, MARU),
    "referrals/" + REFERRAL + "grade/": rule(None, MARU),
    "referrals/" + REFERRAL + "pause/": rule(None, MARU),
    "referrals/" + REFERRAL + "resume/": rule(None, MARU),
    "referrals/" + REFERRAL + "late/": rule(None, MARU),
    "clients/": rule(GRANTED),
    "clients/export/": rule(GRANTED),
    "advisers/": rule({"idva_manager"}),
    "victims/" + VICTIM + "adviser/": rule(ASK_ADVISERS, ASK_ADVISERS),
    "idva-cases/<idva_case>/": rule(POLICE | ADVISER),
    "idva-cases/<idva_case>/answer/": rule({"idva_manager"}, {"idva_manager"}),
    "idva-cases/<idva_case>/allocate/": rule({"idva_manager"}, {"idva_manager"}),
    "idva-cases/<idva_case>/pass-on/": rule(ADVISER, ADVISER),
    "idva-cases/<idva_case>/gave-up/": rule(ADVISER, ADVISER),
    "idva-cases/<idva_case>/needs/": rule(ADVISER, ADVISER),
    "idva-cases/<idva_case>/courts/": rule(ADVISER, ADVISER),
    "idva-cases/<idva_case>/review/": rule(ADVISER, ADVISER),
    "idva-cases/<idva_case>/close/": rule(ADVISER, ADVISER),
    "voice/": rule(VIEW_VOICE),
    "voice/export/": rule(VIEW_VOICE),
    "voice/asked/": rule(ASK_VOICE),
    "voice/asked/" + VICTIM: rule(ASK_VOICE - {"idva_b"}, ASK_VOICE - {"idva_b"}),
    # Conferences: the parameters are those of every_address/conferences.py.
    "marac/": rule(ATTEND),
    "marac/calendar/": rule(ATTEND, ATTEND),
    "marac/propose/": rule(PROPOSE, PROPOSE),
    "marac/cases/": rule(ATTEND),
    "marac/cases/<marac_case>/": rule(SEE_ACTION),
    "marac/cases/<marac_case>/decide/": rule(KEEPERS, KEEPERS),
    "marac/cases/<marac_case>/about/": rule(DESCRIBE, DESCRIBE),
    "marac/cases/<marac_case>/close/": rule(KEEPERS, KEEPERS),
    "api/v1/marac/cases/": rule(ATTEND, PROPOSE),
    "api/v1/marac/cases/<marac_case>/": rule(SEE_ACTION),
    "api/v1/marac/cases/<marac_case>/decide/": rule(None, KEEPERS),
    "api/v1/marac/cases/<marac_case>/about/": rule(None, DESCRIBE),
    "api/v1/marac/cases/<marac_case>/close/": rule(None, KEEPERS),
    "marac/actions/": rule(ATTEND),
    "marac/actions/export/": rule(ATTEND),
    "marac/actions/<action>/": rule(SEE_ACTION),
    "marac/actions/<action>/settle/": rule(None, ANSWER_ACTION),
    "marac/actions/<action>/pass/": rule(None, ANSWER_ACTION),
    "marac/actions/<action>/reopen/": rule(None, ANSWER_ACTION),
    "api/v1/marac/actions/": rule(ATTEND),
    "api/v1/marac/actions/<action>/": rule(SEE_ACTION),
    "api/v1/marac/actions/<action>/settle/": rule(None, ANSWER_ACTION),
    "api/v1/marac/actions/<action>/pass/": rule(None, ANSWER_ACTION),
    "api/v1/marac/actions/<action>/reopen/": rule(None, ANSWER_ACTION),
    HELD + "minutes/": rule(SIGNED | {"head"}),
    HELD + "minutes.pdf": rule(SIGNED | {"head"}),
    HELD + "minutes/approve/": rule(None, {"chair"}),
    HELD + "minutes/send/": rule(None, KEEPERS),
    HEARING + "wishes/": rule(KEEPERS | ADVISER, KEEPERS | ADVISER),
    HEARING + "told/": rule(KEEPERS | ADVISER, KEEPERS | ADVISER),
    "marac/wishes/": rule(KEEPERS | GRANTED | {"head"}),
    "marac/cases/<marac_case>/wishes/": rule(KEEPERS | ADVISER | {"head"}),
    "marac/cases/<marac_case>/told/": rule(KEEPERS | ADVISER | {"head"}),
    "marac/cases/<marac_case>/transfer/": rule(KEEPERS, KEEPERS),
    "marac/transfers/": rule(KEEPERS | {"head"}),
    "marac/transfers/in/": rule(KEEPERS, KEEPERS),
    "marac/transfers/<transfer>/": rule(POLICE | ADVISER),
    "marac/transfers/<transfer>/check/": rule(None, KEEPERS | ADVISER),
    "marac/transfers/<transfer>/finish/": rule(None, KEEPERS),
    "marac/transfers/<transfer>/cancel/": rule(None, KEEPERS),
    "marac/flags/<flag>/end/": rule(KEEPERS, KEEPERS),
    MEETING: rule(INVITED),
    "api/v1/" + MEETING + "agenda/": rule(SIGNED | {"head"}),
    "api/v1/" + MEETING + "agenda/cases/": rule(None, {"coordinator"}),
    "api/v1/" + MEETING + "agenda/order/": rule(None, {"coordinator"}),
    "api/v1/" + MEETING + "agenda/send/": rule(None, {"coordinator"}),
    "api/v1/" + HEARING + "take-off/": rule(None, {"coordinator"}),
    "api/v1/" + HEARING + "conflict/": rule(None, SIGNED | {"head"}),
    "api/v1/" + MEETING + "research/chase/": rule(None, {"coordinator"}),
    "api/v1/marac/research/": rule(ATTEND),
    "api/v1/marac/research/<research>/": rule(KEEPERS | {"head", "agency"}, {"agency"}),
    MEETING + "agenda/": rule(SIGNED | {"head"}),
    MEETING + "agenda/list/": rule({"coordinator"}, {"coordinator"}),
    MEETING + "agenda/order/": rule(None, {"coordinator"}),
    MEETING + "agenda/send/": rule({"coordinator"}, {"coordinator"}),
    MEETING + "agenda/overflow/": rule({"coordinator"}, {"coordinator"}),
    HEARING + "take-off/": rule({"coordinator"}, {"coordinator"}),
    HEARING + "conflict/": rule(SIGNED | {"head"}, SIGNED | {"head"}),
    HEARING + "research/": rule(None, {"coordinator"}),
    MEETING + "research/": rule(SIGNED | {"head"}),
    MEETING + "research/chase/": rule(None, {"coordinator"}),
    "marac/research/": rule(ATTEND),
    "marac/research/cases/<marac_case>/": rule(KEEPERS | {"head", "agency"}),
    "marac/research/<research>/": rule(KEEPERS | {"head", "agency"}, {"agency"}),
    MEETING + "sign/": rule(INVITED, INVITED),
    MEETING + "answer/": rule(INVITED, INVITED),
    MEETING + "observers/": rule(KEEPERS, KEEPERS),
    MEETING + "observers/<observer>/remove/": rule(None, KEEPERS),
    MEETING + "move/": rule({"coordinator"}, {"coordinator"}),
    MEETING + "cancel/": rule({"coordinator"}, {"coordinator"}),
    MEETING + "live/": rule(SIGNED),
    MEETING + "live/changes/": rule(SIGNED),
    MEETING + "live/begin/": rule(None, {"chair"}),
    # The coordinator leads while a chair is in the meeting; here none has come in.
    MEETING + "live/next/": rule(None, {"chair"}),
    MEETING + "live/end/": rule(None, {"chair"}),
    MEETING + "live/here/<attendance>/": rule(None, KEEPERS),
    HEARING + "live/": rule(SIGNED),
    HEARING + "writing/": rule(None, SIGNED),
    HEARING + "lines/": rule(None, SIGNED),
    HEARING + "agree/": rule(None, SIGNED),
    HEARING + "go-on/": rule(None, KEEPERS),
    HEARING + "conclude/": rule(None, KEEPERS),
    HEARING + "defer/": rule(KEEPERS, KEEPERS),
    "api/v1/" + MEETING + "live/": rule(SIGNED),
    "api/v1/" + MEETING + "begin/": rule(None, {"chair"}),
    "api/v1/" + MEETING + "end/": rule(None, {"chair"}),
    "api/v1/" + HEARING + "live/": rule(SIGNED),
    "api/v1/" + HEARING + "lines/": rule(None, SIGNED),
    "api/v1/" + HEARING + "agree/": rule(None, SIGNED),
    "api/v1/" + HEARING + "stage/": rule(None, KEEPERS),
    "api/v1/" + HEARING + "conclude/": rule(None, KEEPERS),
    "api/v1/" + HEARING + "defer/": rule(None, KEEPERS),
    "marac/meetings/emergency/": rule(KEEPERS, KEEPERS),
    "marac/conferences/new/": rule({"coordinator"}, {"coordinator"}),
    "marac/conferences/<conference>/": rule(ATTEND, {"coordinator"}),
    "marac/conferences/<conference>/plan/": rule(None, {"coordinator"}),
    "api/v1/marac/conferences/": rule(ATTEND),
    "api/v1/marac/meetings/": rule(ATTEND),
    "api/v1/marac/meetings/emergency/": rule(None, KEEPERS),
    "api/v1/" + MEETING: rule(INVITED),
    "api/v1/" + MEETING + "sign/": rule(None, INVITED),
    "api/v1/" + MEETING + "answer/": rule(None, INVITED),
    "api/v1/" + MEETING + "observers/": rule(None, KEEPERS),
    "api/v1/" + MEETING + "move/": rule(None, {"coordinator"}),
    "api/v1/" + MEETING + "cancel/": rule(None, {"coordinator"}),
    "api/v1/voice/": rule(VIEW_VOICE),
    "api/v1/idva-cases/": rule(POLICE | GRANTED),
    "api/v1/idva-cases/<idva_case>/": rule(POLICE | ADVISER),
    "api/v1/idva-cases/<idva_case>/answer/": rule(None, {"idva_manager"}),
    "api/v1/idva-cases/<idva_case>/allocate/": rule(None, {"idva_manager"}),
    "api/v1/schema/": rule(EVERYBODY),
    "api/v1/history/": rule(POLICE),
    "api/v1/deadlines/": rule(CLOCKS),
    "api/v1/learning/notices/": rule(EVERYBODY),
    "api/v1/learning/results/": rule(RESULTS),
    "api/v1/resources/": rule(CONTROL | OFFICERS),
    "api/v1/victims/" + VICTIM: rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "risk/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "judgements/": rule(None, JUDGES),
    "api/v1/victims/" + VICTIM + "judgements/decide/": rule(None, REVIEWERS),
    "api/v1/victims/" + VICTIM + "timeline/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "withheld/": rule(KEEP_REGISTER, KEEP_REGISTER),
    "api/v1/victims/" + VICTIM + "withheld/<withholding>/end/": rule(None, KEEP_REGISTER),
    "api/v1/victims/" + VICTIM + "access/": rule(SEE_ACCESS),
    "api/v1/break-glass/": rule(EMERGENCIES, GRANTED),
    "api/v1/break-glass/<glass>/look/": rule(None, {"idva_manager", "head"}),
    "api/v1/break-glass/<glass>/close/": rule(None, {"idva"}),
    "api/v1/victims/" + VICTIM + "notes/": rule(POLICE | ADVISER, NOTE_WRITERS),
    "api/v1/victims/" + VICTIM + "notes/<note>/strike/": rule(None, {"officer", "supervisor"}),
    "api/v1/victims/" + VICTIM + "plan/": rule(POLICE | ADVISER, PLANNERS),
    "api/v1/victims/" + VICTIM + "plan/review/": rule(None, PLANNERS),
    "api/v1/victims/" + VICTIM + "plan/steps/": rule(None, PLANNERS),
    "api/v1/victims/" + VICTIM + "contacts/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "updates/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "updates/<update>/not-reached/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/<statement>/answer/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/<statement>/text/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "circumstances/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "safe-contact/": rule(None, SPEAK_WITH_VICTIMS),
    "api/v1/duties/": rule(HOLD_DUTIES),
    "api/v1/victims/" + VICTIM + "handovers/": rule(POLICE | ADVISER, HOLD_DUTIES - {"idva_b"}),
    "api/v1/victims/" + VICTIM + "handovers/<handover>/answer/": rule(None, {"officer_b"}),
    "api/v1/victims/" + VICTIM + "handovers/<handover>/withdraw/": rule(None, GIVE),
    "api/v1/incidents/": rule(POLICE - {"custody"} - KEEPERS, CONTROL),
    "api/v1/incidents/" + INCIDENT: rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "regrade/": rule(CONTROL, CONTROL),
    "api/v1/incidents/" + INCIDENT + "further-calls/": rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "links/": rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "dispatch/": rule(None, CONTROL),
    "api/v1/incidents/" + INCIDENT + "attendance/": rule(None, OFFICERS),
    "api/v1/incidents/" + INCIDENT + "crimes/": rule(None, CONTROL | OFFICERS),
    "api/v1/incidents/" + INCIDENT + "crimes/<crime>/outcome/": rule(None, INVESTIGATE),
    "api/v1/incidents/" + INCIDENT + "exhibits/": rule(POLICE | ADVISER, CONTROL | INVESTIGATE),
    "api/v1/incidents/" + INCIDENT + "exhibits/<exhibit>/": rule(POLICE | ADVISER),
    "api/v1/incidents/" + INCIDENT + "request-closure/": rule(None, CONTROL | OFFICERS),
    "api/v1/incidents/" + INCIDENT + "sign-off/": rule(None, {"inspector"}),
    "api/v1/incidents/" + INCIDENT + "assessments/": rule(None, OFFICERS),
    "api/v1/assessments/" + ASSESSMENT: rule(POLICE | ADVISER, ASSESS),
    "api/v1/assessments/" + ASSESSMENT + "submit/": rule(None, ASSESS),
    "api/v1/assessments/" + ASSESSMENT + "review/": rule(None, REVIEWERS),
    "api/v1/assessments/" + ASSESSMENT + "unknowns/": rule(POLICE | ADVISER, JUDGES),
    "api/v1/reassessments/": rule(JUDGES | GRANTED),
    "api/v1/reassessments/<reassessment>/": rule(POLICE | ADVISER),
    "api/v1/reassessments/<reassessment>/conclude/": rule(None, HAVE_RISK),
    "api/v1/notices/": rule(INVESTIGATE | {"superintendent"}),
    "api/v1/" + PROTECTION: rule(POLICE | ADVISER),
    "api/v1/" + PROTECTION + "decide/": rule(None, {"superintendent"}),
    "api/v1/" + PROTECTION + "serve/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "hearing/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "outcome/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "lapse/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "withdraw/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "breach/": rule(None, RECORD),
    "api/v1/incidents/" + INCIDENT + "notice/": rule(None, INVESTIGATE),
    "api/v1/disclosures/": rule(DISCLOSE),
    "api/v1/" + DISCLOSURE: rule(POLICE),
    "api/v1/" + DISCLOSURE + "check/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "decide/": rule(None, {"manager", "head"}),
    "api/v1/" + DISCLOSURE + "visit/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "take/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "withdraw/": rule(None, DISCLOSE),
    "api/v1/victims/" + VICTIM + "disclosures/": rule(POLICE | ADVISER, DISCLOSE),
    "api/v1/victims/" + VICTIM + "orders/": rule(POLICE | ADVISER, RECORD),
    "api/v1/victims/" + VICTIM + "orders/<order>/end/": rule(None, RECORD),
    "api/v1/victims/" + VICTIM + "orders/<order>/breach/": rule(None, RECORD),
    "api/v1/backlog/": rule(BACKLOG),
    "api/v1/marac/return/": rule(RETURN),
    "api/v1/agency-referrals/": rule(SENDERS, SENDERS),
    "api/v1/agency-referrals/<incoming>/": rule({"agency"}),
    "api/v1/referrals/": rule(QUEUE),
    "api/v1/referrals/" + REFERRAL: rule(QUEUE),
    "api/v1/referrals/" + REFERRAL + "claim/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "share/": rule(None, MARU),
    "api/v1/victims/" + VICTIM + "sharings/": rule(POLICE | ADVISER, MARU),
    "api/v1/sharings/<sharing>/withdraw/": rule(None, MARU),
    "api/v1/shared/": rule(REPRESENTATIVES),
    "api/v1/shared/<sharing>/": rule({"agency"}),
    "api/v1/shared/<sharing>/answer/": rule(None, {"agency"}),
    "api/v1/shared/<sharing>/documents/<exhibit>/": rule({"agency"}),
    "api/v1/referrals/" + REFERRAL + "complete/": rule(None, MARU),
    "api/v1/referrals/batch/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "opinions/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "opinions/<opinion>/answer/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "opinions/<opinion>/withdraw/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "grade-check/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "pause/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "resume/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "late/": rule(None, MARU),
    "api/v1/serial/": rule(CUSTODY),
    "api/v1/people/<person>/plan/": rule(CUSTODY, MANAGE),
    "api/v1/custody-events/": rule(None, CUSTODY_SENDERS),
    "api/v1/custody-events/waiting/": rule(MATCHERS),
    "api/v1/custody-events/<message>/candidates/": rule(MATCHERS),
    "api/v1/custody-events/<message>/match/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/set-aside/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/take-up/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/take-back/": rule(None, MATCHERS),
}

#: Open to everybody, signed in or not.
PUBLIC = {"health/", "health/live/", "v/<secret>/", "marac/calendar/feed/<feed>.ics"}
