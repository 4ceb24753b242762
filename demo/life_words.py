"""What the people of the year say and write once the first days are over."""

CALLED = (
    "Rang at the agreed hour. She is well, he has not been in touch. Next call in two weeks.",
    "Rang. He waits at the bus stop some mornings. Asked her to write down the days.",
    "Spoke with him about the court date; he wants to be rung the evening before.",
    "Rang. She goes back to work on Monday and will tell her manager. Code word agreed again.",
    "Rang. Nothing new; the children sleep better. Knows whom to ring.",
    "Spoke for ten minutes. Was told where the case stands and that nothing changed.",
)
VISITED = (
    "Visited by appointment. New lock is on, the viewer still to come.",
    "Visited with the housing officer. She will stay and wants the letter box closed.",
    "Seen at her mother's. Went through the plan with her; one step changed.",
)
NOBODY = (
    "No answer at the agreed hour. Nothing left. Tomorrow at the same time.",
    "Tried twice, nothing came back. No message left, as agreed.",
)
CASE_CLOSED = (
    "No incident since; she asked that nobody ring any more and knows how to reach us.",
    "Nothing left to do; both have moved apart and nothing was reported since.",
    "Agreed with her: no wish for further contact, told how to come back at any time.",
)
REVIEWED = (
    "Spoke with her: no contact from him since, nothing new in the answers. Grade kept.",
    "Looked at again with the neighbourhood team. He has kept away; the grade stays.",
    "Nothing changed since the last assessment; she still does not feel safe alone. Kept.",
)
PLAN_REASONS = ("risk now high", "after the last incident", "asked for at the conference")
PLAN_WORDS = "Agreed with her at the agreed place; she has read it and keeps it at her sister's."
#: (words, who does it where it is none of ours, whether it is given to the victim).
STEPS: tuple[tuple[str, str, bool], ...] = (
    ("Ring her at the agreed hour every week", "", True),
    ("Locks changed and the letter box closed", "Housing", True),
    ("School knows who may fetch the child", "She herself", True),
    ("Papers, keys and some money at her sister's", "She herself", True),
    ("Patrol goes past on Friday and Saturday night", "", False),
    ("Ask the neighbour in flat 5 to ring at once", "", True),
    ("Telephone that he does not know of", "IDVA service", True),
    ("Check who pays for the car that was seen", "", False),
)
TOLD = (
    "Told what happened and what it means for her; conditions read out, she repeated them.",
    "Told. She had heard it from his sister already and is glad that somebody rang.",
    "Told, and what to do if he comes. She wants to be rung again on Friday.",
)
OTHER_WAY = "No safe way is on record; went in plain clothes while he was known to be elsewhere"
OTHER_HOUR = "It could not wait for the hours that were agreed; he was held at that moment"
KEPT = (
    "Spoke with her after the news: she expected it, plan stands, brother stays with her. Kept.",
    "He keeps to the conditions so far and lives across the county. Nothing new in the answers.",
    "Looked at with the custody record: no threats made while held. Grade kept, plan looked at.",
)
RAISED = (
    "He said to the custody staff that she would pay for this. She is alone in the evenings.",
    "She found him waiting at her work on the day he came out. Judged higher until that ends.",
)
