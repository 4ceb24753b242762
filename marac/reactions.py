"""What this app does when it, or a lower app, announces a fact."""
