"""What this app does when a lower app announces a fact."""
