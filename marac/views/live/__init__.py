"""The meeting itself: its page, what is new on it, and what is done there."""
