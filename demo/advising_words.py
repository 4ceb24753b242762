"""What advisers of the demo write; all of it invented."""

from random import Random

from referrals.services.advising import outcomes as topics

DECLINED = "Spoken with by telephone: does not want an adviser now. Has our number, and will ring."
OTHER_WAY = "No safe way was on record; met at the children's centre, where she goes on her own."
SPOKE = (
    "Calm today. Talked through the plan; she keeps the side gate locked.",
    "He has been quiet. Worried about the hearing; explained what happens on the day.",
    "Moved in with her sister for now. Wants to know about changing the locks.",
    "Went through the housing form together. To send the letter from the surgery.",
    "School knows whom to ring. She sleeps better.",
)
NOBODY = ("Rang out. Tried within the safe hours.", "No answer; will try again this afternoon.")
NOTES = (
    "She is thinking of going back for the children's sake. Not ready to tell anybody else.",
    "Told me of money he makes her hand over. Wants to decide herself when to say so.",
    "Afraid that reporting again makes it worse. We agreed to talk on Thursday.",
)
NEEDS = [
    ("safety", "Locks changed and a light at the back door."),
    ("housing", "Wants a transfer away from the estate."),
    ("criminal_law", "To be told what happens between charge and trial."),
    ("civil_law", "A non-molestation order; help with the statement."),
    ("children", "Support for the eldest at school."),
    ("child_contact", "Handovers somewhere safe."),
    ("benefits", "A claim in her own name."),
    ("debt", "Loans that he took out in her name."),
    ("health", "To see her own doctor without him there."),
]
HEARINGS = ("First hearing; assault with injury", "Trial, two days", "Return date of the order")
REVIEWS = (
    "Fewer messages since bail. She knows what to do if he comes. Plan stands.",
    "Still frightened at weekends; the neighbour has the code word now.",
    "Settled in the new flat. He does not know the address.",
)
MET = "Done, and she is content with it."
GAVE_UP = "Three attempts by the safe way. Letter through the surgery; the unit knows."
ENDED = {
    "done": "Support is complete. She knows how to come back to us.",
    "client_ended": "She wants to go on without us for now.",
    "not_reached": "Not reached in several weeks, by any way that is safe.",
    "passed_on": "Moved away; the service there has taken her on.",
}
CLOSED = "Support is complete. She knows how to come back to us."


def outcomes(random: Random) -> dict[str, str]:
    """An answer to every topic, the better ones more often."""
    return {
        topic.code: topic.answers[min(int(4 * random.random() ** 2), len(topic.answers) - 1)][0]
        for topic in topics.TOPICS
    }


def unknown_outcomes() -> dict[str, str]:
    """Of somebody who was never reached nothing is known."""
    return {topic.code: topics.NOT_KNOWN for topic in topics.TOPICS}
