"""What is said at conferences in the demo."""

WHY = (
    "Threats to kill since the separation; he knows where she works.",
    "Strangulation twice this autumn. She is afraid that the next time is the last.",
    "Three calls in six weeks, each worse; the neighbours rang, not she.",
    "He has been told of the divorce and has breached bail within a day.",
    "Stalking by telephone and in the street; she has moved and he found her.",
    "Her brother-in-law watches the house; so-called honour is spoken of.",
)
#: By kind of agency, what it may know; the last of each is that it knows nothing.
KNOWN: dict[str, tuple[str, ...]] = {
    "police": (
        "Six calls in twelve months, the last with injury. Bail with conditions until next month.",
        "He is on remand; a hearing is listed. Body-worn video was kept.",
        "Four calls, two of them by the children. He has a caution for assault on somebody else.",
    ),
    "idva_service": (
        "She wants to stay in her home with him kept away. Afraid of the hearing.",
        "Spoken with twice by the safe number. She has not told her family.",
    ),
    "housing": (
        "Door chain fitted, camera ordered. On the transfer list, band A.",
        "Joint tenancy. Two complaints of noise at night since the summer.",
    ),
    "health": (
        "Seen with bruising in September, said it was a fall. Prescribed for sleep.",
        "Midwife: expecting in March. Asked alone once; said nothing.",
    ),
    "children": (
        "Assessment open; both children are absent from school more than before.",
        "Closed in the spring. To be opened again by this case.",
    ),
    "adults": ("Known through her mother, for whom she cares.",),
    "education": ("Nine days missed since October. The younger one is often tired.",),
    "probation": (
        "Suspended sentence until February; two warnings for missed appointments.",
        "Completed a programme two years ago, after another partner.",
    ),
    "voluntary": ("She stayed with us for a week in August, then went back.",),
}
PRESENTED = (
    "Separated in the summer; since then he comes to the house, last week with a knife in the car.",
    "Together for nine years. Violence since the first child, worse since he lost his work.",
    "Her son, grown up, takes her money and has hurt her twice.",
)
ANALYSED = (
    "Escalation since September. Separation, strangulation and threats together: very high.",
    "The danger is highest around the hearing and at contact with the children.",
    "He is away until March; the danger is his family meanwhile.",
)
CONCLUDED = (
    "Heard. Every agency knows what it does by when; the adviser tells her today.",
    "Heard. Comes back at once if he is released before the hearing.",
)
#: By kind of agency: what it does, and whether officers who go there need to know.
ACTIONS: dict[str, tuple[tuple[str, bool], ...]] = {
    "police": (
        ("Oppose bail; tell her the outcome by text within the hour.", True),
        ("Treat every call from this address as urgent; two officers.", True),
        ("Drive past on Friday and Saturday nights until the hearing.", True),
    ),
    "idva_service": (
        ("Go with her to the hearing; ask for screens.", False),
        ("Look at the safety plan with her after the meeting.", False),
    ),
    "housing": (
        ("Camera fitted and tested.", True),
        ("Offer a move out of the area.", False),
    ),
    "health": (
        ("Her doctor follows the strangulation up.", False),
        ("Flag on both records at the emergency department.", False),
    ),
    "children": (("Visit the children at school and speak with each alone.", False),),
    "adults": (("Carer's assessment, at another address.", False),),
    "education": (("Tell the school who may collect the children.", False),),
    "probation": (("Recall if another appointment is missed.", False),),
    "voluntary": (("Keep a place for her and the children for two weeks.", False),),
}
DONE = (
    "Done; seen and tested.",
    "Done on the telephone, a letter followed.",
    "Done. Written into her record.",
)
NOT_DONE = ("Nobody was there on two visits; the conference was told.",)
OVERTAKEN = ("She has moved to another county.", "He was sent to prison before it was due.")
WANTED = (
    "To stay in her home, and to be told before any hearing.",
    "Not to move the children's school. A camera. Nobody to ring after six.",
    "To be left alone by his family; she does not want to give evidence.",
)
TOLD = "Told what was decided and by whom, by the safe number."
APOLOGIES = "Ill; sends what is known by research."
SEVENTEEN = "Meets the criteria."
BELOW = "Her own fear, and what the neighbours saw."
LATE = "Bail was breached in the night: it cannot wait for the next meeting."
NO_QUORUM = "Health was told the time twice; the cases cannot wait."
