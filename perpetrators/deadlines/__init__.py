"""What must be done by when in this app."""
