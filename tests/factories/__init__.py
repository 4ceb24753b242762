"""Plain functions that make what tests need, through the services."""
