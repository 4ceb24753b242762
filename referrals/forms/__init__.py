"""The forms of this app, by topic."""
