"""The pages of this app, by topic."""
