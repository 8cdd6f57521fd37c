"""What a notice demands, as data: schema, loading, the shipped policies."""

from __future__ import annotations
