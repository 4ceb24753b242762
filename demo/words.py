"""What people say and what officers write, in plain words; each list is drawn from at random.

Never lurid: the texts are there so that pages have something true to life to show.
"""

#: {he}, {his}, {him} stand for the person complained of; {name} for that person's given name.
CALL_OPENINGS = (
    "{name} is outside and will not go away. Caller is whispering.",
    "Caller says {name} came back tonight although they separated in the spring.",
    "“{he} will not stop ringing me.” More than thirty calls since this morning.",
    "Argument about money. {name} took the caller's card and telephone.",
    "Shouting heard, then a door. Caller says {name} has left on foot.",
    "Caller is at a neighbour's. {name} pushed her into the hallway wall.",
    "{name} has been drinking and will not let the caller leave the room.",
    "Caller reports messages from {name}: “You will be sorry.”",
    "Third party: loud voices next door for an hour, something breaking.",
    "Caller says {name} followed her from work and stood by the car.",
    "School rang: a child said that {name} hurt mum yesterday.",
    "Argument over when the children go back on Sunday. {name} blocked the door.",
    "Caller wants advice. {name} reads every message and keeps the bank card.",
    "{name} threw a plate; nobody was hit. Caller has locked herself in.",
    "Caller says {name} grabbed an arm and twisted it; bruise coming up.",
    "“{he} said {he} would finish it.” Said calmly, caller believes it.",
)
CALL_MIDDLES = (
    "Child crying in the background.", "Television on, nobody else heard.",
    "Caller does not want anybody to know of this call.", "Dog barking throughout.",
    "Caller is calm and wants it on record.", "Caller is afraid that {he} will come back.",
    "Line poor, address confirmed twice.", "Caller asked whether {he} will be told who rang.",
    "Caller moved to the bathroom to talk.", "A second voice, male, told her to hang up.",
    "It has happened before and was not always reported.", "Caller says it is the first time.",
    "Caller's sister is on the way.", "Caller has a key to the front door only.",
)  # fmt: skip
CALL_ENDINGS = (
    "Safe to ring back by text only.", "Told to stay inside and away from the windows.",
    "Stayed on the line until somebody was at the door.", "Asked for a woman officer if possible.",
    "Wants {him} gone, not arrested.", "Will wait at the neighbour's.", "Asked for no sirens.",
    "Interpreter may be needed later.", "Has photographs on the telephone.",
    "No further words before the line closed.", "Wants to know about an order.",
)  # fmt: skip

ACCOUNTS = (
    "Spoken to in different rooms. She says it began over the telephone; he says she shouted.",
    "Door opened at once. Living room in disorder, a chair on its side. She was shaking and pale.",
    "Victim met at the neighbour's. Red mark on the left forearm, photographed with consent.",
    "Nobody hurt. Messages shown and photographed; twenty-two in one evening.",
    "He had left before we came; area searched, found at his brother's.",
    "Account taken at the kitchen table. She asked twice whether he would be told.",
    "Both calm on arrival. Accounts agree on the argument and differ on the push.",
    "Victim upset and tired. Says it has been going on since the baby came.",
    "Heard shouting from the landing. He opened after the second knock and let us in.",
    "She would say little while he was in earshot; spoke freely in the car.",
    "Bank card and telephone given back to her in our presence.",
    "Front door damaged at the lock. Neighbour heard three blows and a voice.",
)
SAFETY_PLANS = (
    "Locks changed today, neighbour has our number, text before every visit.",
    "Staying with her sister until Thursday; address known to us only.",
    "Marker asked for, safe call-back agreed, bag packed by the door.",
    "He stays with his mother; both know what happens if he returns.",
    "Children with grandmother tonight. School told by her in the morning.",
    "999 and 55 explained, telephone charged, door chain used.",
    "Refuge place offered and thought about; will ring tomorrow.",
    "Bail not to come near the home; she has the wording and the number to ring.",
)
ACTION_REASONS = (
    "Evidence of an offence and fear of a repeat tonight.",
    "The parties could not safely stay under one roof.",
    "She asked for support and named what would help.",
    "Service known to her already; agreed to be rung tomorrow.",
)
NO_ACTION_REASONS = (
    "Argument only, no offence disclosed, both sober and apart on arrival.",
    "No offence disclosed by either; advice given and support offered to both.",
)
CHILD_WORDS = (
    "Said: “I heard shouting and put my headphones on.”",
    "Asleep when seen, no injury, room warm and tidy.",
    "Said: “Mummy was sad. I want to go to Nan's.”",
    "Drawing at the table, would not speak of it; seen alone with a woman officer.",
)
NO_CHILD_SEEN = ("At a grandparent's; seen there the next morning by the neighbourhood officer.",)
EVIDENCE_LED = (
    "999 recording, body-worn video of the first account, neighbour's statement, photographs.",
    "Messages secured from her telephone, doorbell camera of the house opposite.",
    "Officers' own account of what was seen, damage photographed, earlier reports.",
)
NOT_APART = ("One party had left before arrival.",)
NO_VIDEO = ("Battery failed on the way; reported, second camera used from the car.",)
NON_CRIME = (
    "Verbal argument, no offence disclosed by either",
    "Argument over contact with the children; no offence disclosed",
    "Reported for the record; nothing that amounts to an offence",
    "Third-party call, both well and apart, nothing disclosed",
)
OVERRIDES = (
    "Caller's voice; long silences before each answer.",
    "Known to me from last week's call, it went worse than it sounded.",
    "Person complained of is in custody already.",
)

JUDGED = {
    "standard": (
        "First report, no fear for life or limb, support in place.",
        "Argument without violence; both have somewhere to go.",
        "Separated and housed apart; she feels able to ring.",
    ),
    "medium": (
        "It comes more often than last year; steady while he stays away.",
        "Drink makes it worse and he is home on Friday.",
        "Child contact is the point at which it happens; plan made for hand-over.",
    ),
    "high": (
        "She is certain that he means it, and what he said matches last time.",
        "The pattern is closing in: money, telephone, friends, and now force.",
        "Separation this month and he has not accepted it.",
    ),
}
LOWER = (
    "The count comes from earlier calls; what happened today and her own view do not point to "
    "serious harm."
)
RETURNED = (
    "What did the children say? The form does not tell.",
    "Say why you put this below what the answers suggest.",
    "Topic on threats says don't know. Ring her and ask before this goes on.",
    "Put her own words beside the second topic.",
)
REGRADED_UP = (
    "Third call in a short time and the tone has changed: this is above what the form says.",
    "Separation with a pending hearing; the risk is in the coming weeks.",
)
REGRADED_DOWN = (
    "Agreed with the officer: she reports every breach, as she was asked to.",
    "He is remanded; grade to be looked at again before any release.",
)
ACCEPTED = ("", "", "", "Agreed. Good account of the child's words.", "Agreed.")

TOPIC_WORDS = (
    "Said so twice.", "Since the summer.", "Once, two years ago.", "Mostly at weekends.",
    "Showed the messages.", "Not in front of the children.", "He has said sorry since.",
    "Her own words: “I never know which one comes home.”", "Neighbour confirms.",
    "Reported at the time.",
)  # fmt: skip
NOT_ASKED_WORDS = (
    "He came back into the room; not safe to ask.",
    "Too upset; to be asked tomorrow.",
)

SHARED_WHY = {
    "housing": "Locks and a move within the stock are asked for.",
    "health": "Injury seen in hospital; midwife to know of the risk.",
    "children": "Children in the home saw it or heard it.",
    "adults": "Care needs; carer is the person complained of.",
    "education": "School to know before the children come in.",
    "probation": "The person complained of is on licence.",
    "voluntary": "She asked for a place and for somebody to talk to.",
    "idva_service": "High risk: IDVA to make first contact.",
}
REFUSED = "She did not agree; a child is at risk of harm and the agency needs to know to act."
NOT_SOUGHT = "Asking would have meant ringing while he was in the home."
OUTCOMES = {
    "shared": "Agencies told, replies noted; contact stays with the named officer.",
    "shared_idva": "Agencies told; IDVA offered and accepted for a first call.",
    "owner_named": "Neighbourhood officer named for contact and the safety plan.",
    "nothing_to_share": "No child, no care need, no agency involved; advice letter agreed.",
}
#: Why a referral took too long, as a kind and in words.
LATE = (
    ("too_many", "Two workers away and the queue above fifty; risk looked at on the first day."),
    ("partner", "Waiting for the other force's reply on earlier reports."),
    ("not_reached", "Number did not answer; reached through her sister on the fourth day."),
)
NO_IDVA = ("Has an IDVA already.", "Declined for now; number given, asked again at next contact.")
CODE_WORDS = ("library", "blue kettle", "aunt May", "choir", "allotment", "parcel", "harvest")
SAFE_HOURS = (
    "09:30-14:30",
    "weekdays after 17:00",
    "10:00-12:00",
    "any time by text",
    "school hours",
)
MARKERS = {
    "emergency": "Known risk to life at this address; treat every call as an emergency.",
    "weapons": "Knife kept by the door, seen on an earlier visit.",
    "violent": "Resisted officers on an earlier visit; two officers at least.",
    "child_at_risk": "Children subject of a plan; see and speak to each of them.",
    "self_harm": "Has harmed herself after earlier visits; do not leave alone.",
}
RELATIONS = (
    ("ex-partner", 38), ("partner", 30), ("husband or wife", 14), ("son or daughter", 7),
    ("brother or sister", 5), ("mother or father", 4), ("ex-husband or ex-wife", 2),
)  # fmt: skip
LANGUAGES = (
    "Polish",
    "Lithuanian",
    "Urdu",
    "Punjabi",
    "Romanian",
    "Portuguese",
    "Arabic",
    "Bengali",
)

# --- Calls, more of them -------------------------------------------------------------------------

VERBATIM = (
    "“He's got my phone. I'm on the neighbour's. Please don't ring mine.”",
    "“I only went to the shop. He timed it.”",
    "“He says if I go he'll find me. He always finds me.”",
    "“Tell them no lights. Please. No lights.”",
    "“It's my son. I never thought I'd ring about my son.”",
    "“I'm all right now. I'm all right. No, don't hang up.”",
)
BACKGROUND = (
    "Child crying, a door, then nothing.",
    "Man's voice, words not understood; music loud.",
    "Traffic; caller seems to be walking fast.",
    "Breathing only for forty seconds, a dog.",
    "Second caller shouting: “Put it down.”",
)
NEEDS = (
    "Interpreter by telephone for every call.",
    "Deaf: text relay, faces the speaker.",
    "Reads little; read letters out.",
    "Learning disability: short sentences, sister helps.",
)
AGENCY_CALLERS = (
    "Marlshire NHS Trust, ward sister",
    "Marlshire Children's Services, duty social worker",
    "Ashmere Council Housing, tenancy officer",
    "Marlshire Schools Safeguarding, head of year",
)
COUNTERS = ("Ashmere station, front counter", "Kingsholt station, front counter")
ONLINE = "Force website, report form"
DROPPED_HIGHER = "Line closed in the middle of a word; rung back twice, no answer."
APPOINTED = (
    "Caller is at work and asks for a visit tomorrow; he is abroad until Sunday.",
    "Reported afterwards at the caller's own wish; time agreed with her, he has left the county.",
)
NOT_SENT = (
    "Told to the force where she lives now; they go today, log number given.",
    "Reported for the record by her solicitor; she asked that nobody come and is rung tomorrow.",
)
FEWER = (
    "Weapon said to be out of the house; third officer not free for an hour.",
    "Third officer stood by at the corner and was not needed.",
)
NEWS = (
    "Neighbour rings again: he is in the garden now and she is inside with the child.",
    "Sister rings: she has just spoken to her, she is upstairs with the door locked.",
)

# --- First response ------------------------------------------------------------------------------

VICTIM_SAID = (
    "Says it began over money and went on for an hour. Pushed twice, then held by the wrist.",
    "Says little at first. “He's sorry in the morning. I can't do another morning.”",
    "Says nothing was done to her tonight; it was the shouting, and the child on the stairs.",
    "Says he has her bank card and reads her messages, and that he asks where she is every hour.",
    "Says he came to the door three times since the separation, each time later at night.",
    "Wanted it on record and him gone. Told it in order, dates and all.",
)
ACCUSED_SAID = (
    "Says they argued and both shouted. Denies touching anybody.",
    "Says it was a misunderstanding over the children; calm, asked to leave and left.",
    "Says she started it. Would not say how the door was broken.",
    "Replied “no comment” after caution.",
)
ACCUSED_GONE = (
    "Had left before we came; area searched, not found.",
    "Not there. Rung twice, no answer; to be found today.",
)
INJURIES = (
    "", "", "",
    "Red mark on the left forearm, photographed.",
    "Bruise above the right elbow, some days old by its colour.",
    "None seen; says her wrist aches.",
)  # fmt: skip
FEARS = (
    "Fears that he comes back tonight.",
    "Fears what he says to the children about her.",
    "Is not afraid for herself; is afraid for the child.",
    "Fears that it gets worse when he hears that she rang.",
    "Says she is not afraid and looks at the door.",
)
WISHES = (
    "Wants him told to stay away and does not want a trial.",
    "“I want it to stop. I don't want him locked up.”",
    "Supports a prosecution and will give a statement tomorrow with her sister there.",
    "Would not say; asked to be rung after the weekend.",
    "Wants the keys back and to sleep.",
)
COUNTER_SAID = (
    "Says that she struck first and shows a scratch on the neck.",
    "Says that the other one threw the cup and that nobody ever believes it.",
)
COUNTER_REASONS = {
    "one": (
        "His scratch fits being held off. Her account is of years, names and dates; his changes. "
        "She fears tonight, he fears for his job.",
        "Earlier calls all name the same victim. The mark on the other is from the door, by its "
        "place and by the neighbour's words.",
    ),
    "both": ("Each has injuries that fit the other's account and each is afraid of the other.",),
    "unclear": (
        "Two accounts that do not meet, no witness, no mark on either. Neighbours to be asked.",
    ),
}

# --- Closing -------------------------------------------------------------------------------------

SAFE_NOW = (
    "At home with her sister, who stays until Thursday.",
    "At her mother's; only we have the address.",
    "At home, chain on, neighbour told; he is in custody.",
    "In the refuge since eleven.",
)
SUSPECT_AT = (
    "In custody; will not be released before the morning.",
    "At his brother's in Kingsholt, seen there; knows not to come near.",
    "Left on foot, wanted; description passed to every car.",
    "At his own flat; agreed to stay there and was told what follows otherwise.",
)
CONTACT_NEXT = (
    "I ring her by text tomorrow between ten and twelve.",
    "Neighbourhood officer visits on Monday afternoon; she has the name.",
    "The referral unit rings within three days; she knows, by text only.",
    "IDVA rings tomorrow on her sister's number.",
)
NO_CHILD = "No child lives there; both say so and none was seen."
NO_INJURY = "Nobody was hurt; both were asked and looked at."
WARNING_NONE = "None needed that is not there already."
EVIDENCE_TO_COME = "Camera of the house opposite: I collect the recording tomorrow before ten."
REFUSED_CLOSURE = (
    "The child is named and not seen. Who goes, and when? Put that right and ask again.",
    "Where is he now? “Left on foot” is not an answer while she is at home alone.",
    "The plan says advice given. What happens tonight if he comes back? Ask her, then ask me.",
)
SIGNED = ("", "", "", "", "Good account. Thank you.", "Signed. Contact time noted on the log.")
STORY_REFUSED = (
    "Ella was in the flat and is not spoken to. She hears what happens there: see her alone, at "
    "school if need be, and say who does it. And where does he sleep tonight?"
)

# --- Supervision, reviews, outcomes --------------------------------------------------------------

CHECK_ACTION = (
    "Neighbours at number 6 were at home and are not asked. Knock today and add the statement.",
    "The child's own words are missing. Speak with her at school and write them down.",
    "The wishes are one word. Ring her, and say what she wants and what she fears.",
)
CHECK_DONE = "Done since: looked at again, with the statement and the photographs."
CHECK_PUT_RIGHT = "Evidence was late; put right on the same day."
NON_CRIME_DECIDED = {
    "plan": (
        "Plan begun with the neighbourhood team: visit each fortnight, housing asked about a move.",
        "Contact with the children is what starts it. Hand-over at her mother's from now on.",
    ),
    "referred": ("Referred to the family service with her consent; first visit next week.",),
    "no_steps": ("Three arguments about one parking place; both asked for nothing further.",),
}
NO_FURTHER_ACTION = (
    "Victim does not support, no independent evidence; plan led by evidence tried.",
    "Prosecutor advises that the evidence is not sufficient; told to her by the safe number.",
    "Accounts conflict and nobody else was there; victim told why, IDVA keeps in touch.",
    "Not in the public interest by the prosecutor's decision; words given to her in writing.",
)

# --- The story -----------------------------------------------------------------------------------

STORY_CALL = (
    "Darren is at the door of the flat and will not go. He says he wants his things and puts his "
    "foot in the door. Ella is behind her in the hall. Pushed her against the wall when she tried "
    "to shut it; no injury that she can see."
)
STORY_NEIGHBOUR = (
    "Neighbour from flat 5 at Tanglewood Court: man shouting on the landing, a woman crying, a "
    "child. Has heard it before."
)
STORY_NOT_SENT = "Same event as the call before; officers are on their way to it already."
STORY_LINK = "Same landing, same minute: the neighbour rings about the call from flat 4."
STORY_NEWS = (
    "Neighbour from flat 5 again: officers have gone up. He said on the stairs “I know which "
    "school”. Would say so in a statement."
)
