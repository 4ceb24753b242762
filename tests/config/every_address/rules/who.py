"""Whose work each address is, and what stands in addresses for their parameters."""

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
#: Those who say who must not receive anything.
KEEP_REGISTER = MARU | {"supervisor", "head"}
#: Advisers may open a record in an emergency; auditors and the head see every use.
EMERGENCIES = GRANTED | {"auditor", "head"}
#: The use is of idva, whom idva_manager leads.
ONE_EMERGENCY = {"idva", "idva_manager", "auditor", "head"}
#: Who has the victim's duties, who leads their team, and auditors.
SEE_ACCESS = {"officer", "supervisor", "head", "auditor"}
