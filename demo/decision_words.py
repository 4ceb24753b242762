"""What was written to notices, applications, judgements, statements and plans."""

NOTICE_GROUNDS = (
    "Third incident since the separation. Pushed her against the wall with the child behind her, "
    "and said on the stairs which school the child goes to. Bail alone did not keep him away."
)
NOTICE_VIEW = "She wants him kept from the door and from the school. She fears tonight."
STATEMENT = (
    "I used to like the evenings. Now I listen to the lift. Ella asks every morning whether he "
    "knows where we are. I have lost eight kilos and two jobs. I want to be able to open a window."
)
ASKED = "He moved in within a month. She was told by a neighbour that he had to leave the last one."
CHECKED = "Two earlier partners on record with us, one with an order. No threat known at present."
DISCLOSE = "She has a child in the home and the pattern repeats. Told in person, at her mother's."
LOWER = (
    "He moved to Kingsholt in October and has a new job there; no contact for five weeks. She "
    "says herself that she is no longer afraid."
)
SEPARATED = "She told him on Saturday evening that it is over; he has not answered since."
HANDED_OVER = "She knows you from the first call and asked for you. Rings only after four o'clock."
AIMS = "He stays away from all three of them, and somebody sees him every week."
#: (words, who, days from now).
MEASURES: tuple[tuple[str, str, int], ...] = (
    ("Weekly visit at his address, unannounced", "Neighbourhood team", 7),
    ("Place on the programme for men who harm", "Respect and Change Programme", 21),
    ("Intelligence marker on his car", "DC 5102 G. Lewis", 2),
)

ADVISER = "Strangled in autumn and again yesterday. Wants somebody with her at court."
ADVISER_BELOW_HIGH = "Hurt by the throat twice; the grade is being looked at again."
