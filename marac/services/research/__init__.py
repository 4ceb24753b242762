"""What agencies are asked of each case before a meeting, and what they answer."""
