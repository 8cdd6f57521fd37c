"""What was just worked out for a page, kept because every kind of document asks for it again.

Results are told apart by the identity of the page's own tuples, never by their content: comparing
hundreds of lines would cost what is to be saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last few results, each with the object it was made from and what else decided it."""

    def __init__(self, most: int = 4) -> None:
        """Keep ``most`` results; the oldest goes first."""
        self._most = most
        self._entries: list[tuple[object, object, T]] = []

    def get(self, source: object, how: object, make: Callable[[], T]) -> T:
        """Return the result for ``source`` (the same object) and an equal ``how``, made if new."""
        for known, manner, result in self._entries:
            if known is source and manner == how:
                return result
        result = make()
        self._entries = [(source, how, result), *self._entries[: self._most - 1]]
        return result
