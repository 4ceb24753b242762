"""What victims of the demo said of the service, and why some were not asked; all of it invented."""

REASONS = {
    "not_safe": "He lives there again; no way is safe that is only hers.",
    "no_answer": "The link's time is over",
    "declined": "",
}
SAID = {
    "police": (
        "The first officer sat down and listened. After that nobody rang for two weeks.",
        "You told me when he got out before I met him at the shop. That mattered.",
        "I had to tell it four times to four people.",
        "The same person each time. Thank you.",
    ),
    "adviser": (
        "She never told me what to do. I found out that I could decide.",
        "I wish that I had known of you before.",
        "Help with the court letter came a day late; the rest was good.",
    ),
}
