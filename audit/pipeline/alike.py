"""One contract number on several papers, read with letters that look alike (O for Q).

Networks may be sure of the wrong letter, so nothing on one page can tell. Where papers of the
case disagree by such a letter, what was read from pixels is doubted, with both readings; a
second look that agrees with the other papers mends it. The ledger never decides what another
paper says: it only raises the question.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.extract.ladder import doubt
from audit.model import Document, LedgerRow, Origin, Reading, Status, say
from audit.text.alike import shape, written

_FIELD = "contract_number"
#: Fields in whose running text a contract's number is quoted.
_QUOTING = ("remarks", "purpose")
_QUOTED = re.compile(r"[A-Z0-9][A-Z0-9/-]{5,}")
_PIXELS = frozenset({Origin.OCR, Origin.OCR2})


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who writes a number in which way: papers (by their keys), and how many ledger rows.

    ``legible``: the ways that at least one paper writes beyond doubt.
    """

    papers: Mapping[str, frozenset[str]]
    ledger: Counter[str]
    legible: frozenset[str]

    def of(self, number: str) -> frozenset[str]:
        """Return the papers that write it so."""
        return self.papers.get(number, frozenset())

    def others(self, own: str) -> list[str]:
        """Return the other ways it is written."""
        return [n for n in dict.fromkeys((*self.papers, *self.ledger)) if n != own]


def settle_alike(
    documents: Sequence[Document], rows: Sequence[LedgerRow]
) -> tuple[list[Document], tuple[LedgerRow, ...]]:
    """Return documents and rows with contract numbers doubted or mended where papers differ.

    Only numbers that differ in look-alike letters are compared; digits are never taken for
    other digits.
    """
    heard = _heard(documents, rows)
    if not heard:
        return list(documents), tuple(rows)
    settled = [_settled_document(d, heard) for d in documents]
    return settled, tuple(_settled_row(row, heard) for row in rows)


def _heard(documents: Iterable[Document], rows: Iterable[LedgerRow]) -> dict[str, _Voices]:
    """Return, by shape, the numbers that are written in more than one way."""
    papers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    ledger: dict[str, Counter[str]] = defaultdict(Counter)
    legible: set[str] = set()
    for document in documents:
        for number, usable in _numbers(document):
            papers[shape(number)][number].add(document.key)
            legible.update([number] if usable else [])
    for row in rows:
        number = written(row.get(_FIELD).text or "")
        if number:
            ledger[shape(number)][number] += 1
    return {
        form: _Voices(
            {number: frozenset(keys) for number, keys in papers[form].items()},
            ledger[form],
            frozenset(legible & papers[form].keys()),
        )
        for form in dict.fromkeys((*papers, *ledger))
        if len({*papers[form], *ledger[form]}) > 1
    }


def _numbers(document: Document) -> Iterator[tuple[str, bool]]:
    """Yield the numbers a paper writes, and whether they were read beyond doubt."""
    own = document.get(_FIELD)
    if own.text:
        yield written(own.text), own.usable
    for name in _QUOTING:
        quoting = document.get(name)
        for number in _QUOTED.findall(written(quoting.text or "")):
            yield number, quoting.usable


def _settled_document(document: Document, heard: Mapping[str, _Voices]) -> Document:
    reading = document.get(_FIELD)
    settled = _settled(reading, heard, document.key)
    if settled is reading:
        return document
    return replace(document, fields={**document.fields, _FIELD: settled})


def _settled_row(row: LedgerRow, heard: Mapping[str, _Voices]) -> LedgerRow:
    reading = row.get(_FIELD)
    settled = _settled(reading, heard, "")
    if settled is reading:
        return row
    return replace(row, cells={**row.cells, _FIELD: settled})


def _settled(reading: Reading, heard: Mapping[str, _Voices], key: str) -> Reading:
    """Return one reading after what the others say; ``key``: of its paper, empty for a row."""
    own = written(reading.text or "")
    voices = heard.get(shape(own)) if own else None
    if voices is None or not _seen(reading):
        return reading
    side = (len(voices.of(own)), voices.ledger[own])
    other = max(voices.others(own), key=lambda n: (len(voices.of(n)), voices.ledger[n]))
    against = (len(voices.of(other)), voices.ledger[other])
    alone = not voices.of(own) - {key}
    if other in voices.legible and alone:
        mended = _mended(reading, other)
        if mended is not None:
            return mended
    if key and not against[0]:
        stands = side[1] > against[1] or _backed(reading, own, alone=alone)
    else:
        stands = side > against
    return reading if stands else doubt(reading, say("join.number_alike", own=own, other=other))


def _backed(reading: Reading, own: str, *, alone: bool) -> bool:
    """Tell whether a paper's number stands although a ledger writes another."""
    looks = sum(written(str(s.value or "")) == own for s in reading.sources)
    return looks > 1 or not alone


def _seen(reading: Reading) -> bool:
    """Tell whether a reading rests on pixels alone."""
    return bool(reading.sources) and all(s.origin in _PIXELS for s in reading.sources)


def _mended(reading: Reading, number: str) -> Reading | None:
    """Return the reading as a second look had it that agrees with other papers, if one does."""
    look = next((s for s in reading.sources if written(str(s.value or "")) == number), None)
    if look is None or reading.status is Status.CORRECTED:
        return None
    reason = say("join.number_mended", own=written(reading.text or ""), other=number)
    others = tuple(s for s in reading.sources if s is not look)
    return Reading(
        look.value, look.raw, Status.READ, look.confidence, (look, *others),
        (*reading.reasons, reason),
    )  # fmt: skip
