"""What a QR code says of a field against what the face says."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from audit.model import FACE, Candidate, Origin, Reading, Status

#: What a QR code repeats.
CODED_FIELDS = (
    "invoice_number",
    "invoice_code",
    "issue_date",
    "amount_without_tax",
    "total_with_tax",
    "check_code",
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A field that the QR code repeats: what both say; ``apart``: they differ, and not by noise."""

    code: str
    face: Candidate
    apart: bool

    @property
    def sure(self) -> bool:
        """Whether the face is text that nobody can have misread."""
        return self.face.origin is Origin.TEXT_LAYER


def coded(field: Reading) -> Coded | None:
    """Return what code and face say of a field, ``None`` where one of them is silent.

    What a person read off the page last is the face. A broken checksum alone is no difference.
    """
    codes = [s.value for s in field.sources if s.origin is Origin.QR and s.value is not None]
    settled = field.status is Status.CORRECTED
    faces = by_person(field) if settled else read_by(field, FACE)
    if not codes or not faces:
        return None
    text = next((s for s in faces if s.origin is Origin.TEXT_LAYER), None)
    told = settled or text is not None or not field.usable or told_apart(field)
    apart = told and set(codes).isdisjoint(s.value for s in faces)
    return Coded(str(codes[0]), text or faces[0], apart)


def read_by(field: Reading, origins: Container[Origin]) -> list[Candidate]:
    """Return what sources of these origins say of a field."""
    return [s for s in field.sources if s.origin in origins and s.value is not None]


def by_person(field: Reading) -> list[Candidate]:
    """Return what a person read last off the page."""
    return read_by(field, (Origin.HUMAN,))[:1]


def told_apart(field: Reading) -> bool:
    """Tell whether the reading says that its sources differ."""
    return any(r.key.startswith("ladder.differ.") for r in field.reasons)
