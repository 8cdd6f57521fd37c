"""Whole generated cases, scored against their truth."""
