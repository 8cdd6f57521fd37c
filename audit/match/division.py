"""What one seller is due and was paid, while it is being divided: whole cents, each used once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit.model import Message

FAR = date.max


@dataclass(frozen=True, slots=True)
class Due:
    """One invoice to be paid. ``names``: numbers a payment's purpose may give for it.

    ``vouchers``: payment numbers its ledger rows state. ``cents`` positive.
    """

    id: str
    cents: int
    day: date | None = None
    names: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    vouchers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment. ``purpose`` without white space; ``vouchers``: its own numbers."""

    id: str
    cents: int
    day: date | None = None
    purpose: str = ""
    vouchers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """``cents`` of payment ``paid`` for ``due`` (indexes), by which step."""

    due: int
    paid: int
    cents: int
    reason: Message
    confidence: float


@dataclass(frozen=True, slots=True)
class Option:
    """Another division that fits as well: (due, paid, cents)."""

    parts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """How the payments divide; of each payment and each due no cent is used twice."""

    parts: tuple[Part, ...]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Some of the dues and payments, as indexes: those of one contract, or all."""

    dues: tuple[int, ...]
    paids: tuple[int, ...]


@dataclass
class State:
    """How far the division has come: what is left of each due and each payment."""

    dues: Sequence[Due]
    paids: Sequence[Paid]
    due_left: list[int]
    paid_left: list[int]
    parts: list[Part] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)

    def settle(self, due: int, paid: int, cents: int, reason: Message, confidence: float) -> None:
        """Take ``cents`` from both sides; more than either has left is a fault of the caller."""
        if not 0 < cents <= min(self.due_left[due], self.paid_left[paid]):
            message = "a part must be positive and within what is left"
            raise ValueError(message)
        self.due_left[due] -= cents
        self.paid_left[paid] -= cents
        self.parts.append(Part(due, paid, cents, reason, confidence))

    def open_dues(self, scope: Scope) -> list[int]:
        """Return the dues of the scope that are not wholly paid yet."""
        return [i for i in scope.dues if self.due_left[i] > 0]

    def open_paids(self, scope: Scope) -> list[int]:
        """Return the payments of the scope of which something is left."""
        return [j for j in scope.paids if self.paid_left[j] > 0]

    def also(self, parts: Iterable[tuple[int, int, int]]) -> None:
        """Keep another division that fits as well."""
        self.options.append(Option(tuple(parts)))


def age(day: date | None, index: int) -> tuple[date, int]:
    """Return what sorts by time: an unknown day comes last, equal ones keep their order."""
    return day or FAR, index


def apart(state: State, due: int, paid: int) -> int:
    """Return the days between an invoice and a payment; a large number if a date is unknown."""
    issued, settled = state.dues[due].day, state.paids[paid].day
    if issued is None or settled is None:
        return 100_000
    return abs((issued - settled).days)
