"""What is added to an incident later, by topic: corrections, further calls, links, presence."""
