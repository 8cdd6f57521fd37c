"""Lines, tables and records to documents with readings."""

from __future__ import annotations
