"""This app's own parts of the page of a victim, by topic."""
