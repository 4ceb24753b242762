"""The agenda of a meeting: listed, ordered, within its room, and out in time."""
