"""Planted faults through the whole pipeline."""
