"""The conferences in numbers: the quarterly return in the national shape. It names nobody."""

from marac.returns.reading import figures
from marac.returns.shapes import Return

__all__ = ["Return", "figures"]
