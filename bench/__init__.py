"""Measurements, ratios first: each against the floor of the same run on the same machine."""
