"""Fictional cases: the demonstration, its faultless twin, and their generator."""
