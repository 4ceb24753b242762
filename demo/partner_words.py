"""What partners of the demo say; all of it invented."""

from datetime import date

from referrals.services.incoming import AgencySays

#: Who signs in for an agency.
REPRESENTATIVES = ("agency", "children", "health", "probation", "schools")
ANSWERS = (
    ("taken_on", "Allocated today. We ring within two days."),
    ("known", "Known to us since spring; the same worker goes on."),
    ("taken_on", ""),
    ("nothing", "Not a tenant of ours; the landlord is private."),
    ("more_needed", "Which flat is it? There are two families of that name."),
)
OWNER_NAMED = "Named owner for contact and safety plan; the agency goes on with its own part."
NO_IDVA = "Offered; wants to stay with the worker whom she knows."
ANSWERED = "Thank you. Somebody is in touch with her. Please ring us if anything changes."

#: Those of REFERRED that nobody has taken up: the newest, and one of whom it is not sure who it is.
LEFT_WAITING = (0, 2)
#: (who sends it, days before the end of the year, what they say)
REFERRED: tuple[tuple[str, float, AgencySays], ...] = (
    (
        "agency",
        0.3,
        AgencySays(
            given_name="Maribel",
            family_name="Okonkwo-Hart",
            date_of_birth=date(1991, 6, 14),
            telephone="07700 900417",
            address_line="Flat 6, Pell House",
            postcode="",
            safe_contact="Only at our office, Tuesdays and Thursdays. Never at home.",
            perpetrator="Partner, Lee; surname not known. Lives there some nights.",
            children="A girl of five, a boy of two",
            children_count=2,
            what_happened="Third time that the door was repaired since summer. She said that she "
            "fell. The neighbour below heard her shout for help on Sunday night.",
            grade="medium",
            grade_reason="She asked how quickly somebody could be moved, then said to forget it.",
            yes_count=11,
            victim_agrees=True,
            their_reference="KH-20881",
        ),
    ),
    (
        "health",
        1.2,
        AgencySays(
            given_name="Teresa",
            family_name="Vance",
            date_of_birth=date(1984, 2, 3),
            telephone="07700 900552",
            safe_contact="Through the midwife, who sees her alone on Fridays.",
            perpetrator="Husband, Colin Vance",
            what_happened="Bruises on both upper arms, not explained. Twenty-six weeks pregnant. "
            "He answers for her and does not leave the room.",
            grade="high",
            grade_reason="Pregnant, isolated, and afraid when he came back in.",
            yes_count=15,
            victim_agrees=False,
            without_consent_reason="She could not be asked alone. Unborn child; vital interests.",
            their_reference="MNT-5527",
        ),
    ),
    (
        "children",
        2.5,
        AgencySays(
            given_name="Joanne",
            family_name="Pryke",
            date_of_birth=None,
            telephone="",
            safe_contact="School gate at 15:15, by the family worker.",
            perpetrator="Father of the younger child, Gary",
            children="Two at Kingsholt Primary",
            children_count=2,
            what_happened="The elder drew a picture of a broken door and told the teacher.",
            grade="medium",
            grade_reason="Children frightened to go home at weekends.",
            victim_agrees=True,
            their_reference="CS-11902",
        ),
    ),
    (
        "probation",
        9,
        AgencySays(
            given_name="Dorothy",
            family_name="Lamb",
            date_of_birth=date(1968, 9, 30),
            telephone="07700 900633",
            safe_contact="Her own mobile, mornings.",
            perpetrator="Son, under supervision here",
            what_happened="He said in supervision that he took her pension and broke the phone.",
            grade="medium",
            grade_reason="Money and threats; she does not want him to lose his place.",
            victim_agrees=True,
            their_reference="PB-3310",
        ),
    ),
    (
        "agency",
        16,
        AgencySays(
            given_name="Halina",
            family_name="Brandt",
            date_of_birth=date(1979, 11, 8),
            telephone="07700 900208",
            address_line="31 Weir Street",
            safe_contact="Text only, weekdays before 14:00.",
            perpetrator="Former husband",
            what_happened="Asks for a transfer: he waits in the car park.",
            grade="medium",
            grade_reason="Followed home twice this month.",
            yes_count=10,
            victim_agrees=True,
            their_reference="KH-20640",
        ),
    ),
)
