"""Texts of the field to values and back: dates, money, names, identifiers, QR payloads."""

from __future__ import annotations
