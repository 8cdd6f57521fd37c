"""Readings as the viewer shows them: where each was read, and what still needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.model import CaseReport, Document, DocumentKind, LedgerRow, Reading, Seal, Status
from audit.report.json_values import value_text
from audit.report.parts import Words, place
from audit.report.view import JUDGED_KINDS, KEY_FIELDS

#: A missing one of these is worth a look too; others may be absent by the paper's nature.
NEEDED: Mapping[DocumentKind, frozenset[str]] = {
    DocumentKind.VAT_INVOICE: frozenset(
        {"invoice_number", "issue_date", "total_with_tax", "buyer_name", "seller_name"}
    ),
    DocumentKind.BANK_RECEIPT: frozenset({"payer_name", "payee_name", "amount", "payment_date"}),
    DocumentKind.ACCEPTANCE_BILL: frozenset({"payer_name", "payee_name", "amount"}),
}
Json = dict[str, Any]


class FieldList:
    """All readings of a case that a person can look at, by target and field."""

    def __init__(self, report: CaseReport, words: Words) -> None:
        """Index the case's pages."""
        self._report, self._words = report, words
        self._page_no = {(p.file, p.page.page_index): n for n, p in enumerate(report.facts.pages)}
        self._pictured = {n for n, p in enumerate(report.facts.pages) if p.picture}

    def doubtful(self) -> list[Json]:
        """Return what needs a look, in order of the case: doubtful first, then missing."""
        entries: list[tuple[bool, Json]] = []
        for document in self._report.facts.documents:
            if document.kind not in JUDGED_KINDS:
                continue
            needed = NEEDED.get(document.kind, frozenset())
            for name in KEY_FIELDS:
                status = document.get(name).status
                if status is Status.DOUBTFUL or (status is Status.MISSING and name in needed):
                    entries.append((status is Status.MISSING, self.of_document(document, name)))
        for row in self._report.facts.rows:
            entries += [
                (False, self.of_row(row, name))
                for name, reading in row.cells.items()
                if reading.status is Status.DOUBTFUL
            ]
        return [entry for _, entry in sorted(entries, key=lambda e: e[0])]

    def on_page(self, number: int) -> list[Json]:
        """Return the readings and seals that stand on page ``number`` of the case."""
        page = self._report.facts.pages[number]
        spot = (page.file, page.page.page_index)
        found = [e for e in self._all() if e["page"] == number and e["box"]]
        found += [
            self.of_seal(s) for s in self._report.facts.seals if (s.file, s.page_index) == spot
        ]
        return found

    def one(self, target: str, field_name: str) -> Json | None:
        """Return one reading, ``None`` if the case has no such target."""
        for document in self._report.facts.documents:
            if document.key == target:
                return self.of_document(document, field_name)
        for row in self._report.facts.rows:
            if row.key == target:
                return self.of_row(row, field_name)
        return None

    def beside(self, target: str) -> Mapping[str, Reading]:
        """Return the other readings of a target, to check a typed value against."""
        for document in self._report.facts.documents:
            if document.key == target:
                return document.fields
        for row in self._report.facts.rows:
            if row.key == target:
                return row.cells
        return {}

    def _all(self) -> Iterator[Json]:
        for document in self._report.facts.documents:
            for name in document.fields:
                yield self.of_document(document, name)
        for row in self._report.facts.rows:
            for name in row.cells:
                yield self.of_row(row, name)

    def of_document(self, document: Document, name: str) -> Json:
        """Return a paper's field."""
        title = f"{self._words.t(f'kind.{document.kind.value}')} {document.id}"
        first = document.page_indexes[0] if document.page_indexes else 0
        return self._entry(
            (document.key, name, title), document.get(name), (document.file, first)
        )  # fmt: skip

    def of_row(self, row: LedgerRow, name: str) -> Json:
        """Return a ledger cell."""
        title = f"{self._words.t('kind.investment_ledger')} {self._words.t('col.row')} {row.row}"
        return self._entry((row.key, name, title), row.get(name), (row.file, row.page_index))

    def of_seal(self, seal: Seal) -> Json:
        """Return a seal as a box that opens its own dialogue."""
        words = self._words
        kind, owner = words.t(f"seal_kind.{seal.kind}"), words.t(f"seal_owner.{seal.owner}")
        return {
            "target": seal.key, "field": "", "seal": seal.id, "title": f"{seal.id} {kind}",
            "label": owner, "value": seal.text, "raw": seal.text, "status": "seal",
            "reasons": [words.say(r) for r in seal.reasons],
            "page": self._page_no.get((seal.file, seal.page_index)), "box": seal.box.rounded(),
            "place": place(words, seal.file, seal.page_index), "picture": True,
        }  # fmt: skip

    def _entry(self, names: tuple[str, str, str], reading: Reading, home: tuple[str, int]) -> Json:
        target, name, title = names
        words, where = self._words, reading.where
        file, index = home
        if where is not None and where.page_index is not None:
            file, index = where.file or file, where.page_index
        number = self._page_no.get((file, index))
        box = where.box.rounded() if where is not None and where.box is not None else None
        return {
            "target": target, "field": name, "seal": "", "title": title,
            "label": words.t(f"field.{name}"), "value": value_text(reading.value, name) or "",
            "raw": reading.raw, "status": reading.status.value,
            "reasons": [words.say(r) for r in reading.reasons],
            "page": number, "box": box, "place": place(words, file, index),
            "picture": number in self._pictured, "choices": self._choices(name, reading),
        }  # fmt: skip

    def _choices(self, name: str, reading: Reading) -> list[Json]:
        """Return what the sources say where they differ: the person picks, nothing is pre-filled."""
        if reading.status is not Status.DOUBTFUL:
            return []
        said: dict[str, list[str]] = {}
        for source in reading.sources:
            value = value_text(source.value, name)
            if value:
                said.setdefault(value, []).append(self._words.t(f"origin.{source.origin.value}"))
        if len(said) < 2:  # noqa: PLR2004 - one value is no choice
            return []
        return [
            {"value": value, "origin": "、".join(dict.fromkeys(origins))}
            for value, origins in said.items()
        ]
