"""Minutes: what a meeting said and decided, what of it each agency may hold, and as PDF."""

from marac.minutes.content import CaseSaid, Content, content_of
from marac.minutes.cut import changed_cases, for_agency, for_reader

__all__ = ["CaseSaid", "Content", "changed_cases", "content_of", "for_agency", "for_reader"]
