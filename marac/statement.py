"""The confidentiality statement that everybody signs before a meeting opens to them.

Each wording has a number, kept with the signature, and is never changed afterwards: new words are a
new number. Observers sign the same words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """Numbered paragraphs, each a sentence or two to be read before signing."""

    number: int
    paragraphs: tuple[str, ...]


STATEMENTS: dict[int, Statement] = {
    1: Statement(
        1,
        (
            "I am here for my agency, to help to keep the people who are spoken of safe. What I"
            " read and hear is used for that and for nothing else.",
            "I share only what is true as far as I know, bears on the risk, and is in proportion"
            " to it. I say where it comes from, and what is opinion.",
            "I keep agenda, research and minutes safe, as official-sensitive papers. I pass"
            " nothing on, within my agency either, unless somebody needs it for an action or to"
            " keep a person safe.",
            "Nothing of this reaches the person who does harm, their family or friends. Where a"
            " court or a request for records asks for it, the chair is asked first.",
            "If I know somebody who is spoken of, or am near to them in any way, I say so before"
            " their case begins and do not take part in it.",
            "If something I was told here is lost, or reaches somebody whom it should not, I tell"
            " the coordinator at once.",
            "I know that whatever I open is recorded, with my name and the time.",
        ),
    ),
}

CURRENT = STATEMENTS[max(STATEMENTS)]
