"""Measuring the registry."""
