"""Words and figures of the field: dates, money in words, identifiers, QR payloads, names."""

from __future__ import annotations
