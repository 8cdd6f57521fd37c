"""What could not be processed, and why: data trouble as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A code of the taxonomy in ``audit.errors`` with its figures.

    ``page_index`` counts from 0 within the file, ``None`` for the whole file.
    """

    code: str
    page_index: int | None = None
    params: tuple[tuple[str, str], ...] = ()


def problem(code: str, /, page_index: int | None = None, **params: object) -> Problem:
    """Return the problem ``code`` (e.g. ``E301``) with parameters turned into strings."""
    pairs = tuple((name, str(value)) for name, value in sorted(params.items()))
    return Problem(code, page_index, pairs)
