"""Planting a fault: an honest case changed in one way, and what that must lead to."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cases.casegen import vouchers
from cases.casegen.model import Case, Form, Invoice, Paper, Payment, Row, Sheet

Spoil = Callable[["Work"], None]
T = TypeVar("T", Row, Invoice, Payment, Form)


def changed(one: T, changes: dict[str, object]) -> T:
    """Return a copy with some fields changed."""
    return replace(one, **changes)  # type: ignore[arg-type]  # names come from the callers below


@dataclass
class Work:
    """A case being spoilt: its parts in the open, and what the spoiling must lead to."""

    case: Case
    rng: random.Random
    row: int = 0  # index of the victim
    rows: list[int] = field(default_factory=list)  # 1-based rows to be named
    keys: list[str] = field(default_factory=list)  # invoices or payments to be named
    kinds: list[str] = field(default_factory=list)  # kinds of paper to be named
    extra: list[Sheet] = field(default_factory=list)
    tweaks: list[Callable[[Paper], Paper | None]] = field(default_factory=list)

    @property
    def victim(self) -> Row:
        return self.case.rows[self.row]

    @property
    def invoice(self) -> Invoice:
        return self.case.invoices[self.victim.invoices[0]]

    def set_row(self, **changes: object) -> None:
        rows = list(self.case.rows)
        rows[self.row] = changed(rows[self.row], changes)
        self.case = replace(self.case, rows=tuple(rows))
        self.rows.append(self.row + 1)

    def restate_row(self) -> None:
        """Let the row say again what its invoices say, all of them."""
        made = [self.case.invoices[key] for key in self.victim.invoices]
        self.set_row(**vouchers.cells(made))

    def set_invoice(self, **changes: object) -> None:
        one = changed(self.invoice, changes)
        self.case = replace(self.case, invoices={**self.case.invoices, one.key: one})
        self.keys.append(one.key)
        self.rows.append(self.row + 1)

    def set_payments(self, **changes: object) -> None:
        pays = {k: changed(self.case.payments[k], changes) for k in self.victim.payments}
        self.case = replace(self.case, payments={**self.case.payments, **pays})
        self.keys += list(pays)
        self.rows.append(self.row + 1)

    def set_form(self, **changes: object) -> None:
        self.case = replace(self.case, form=changed(self.case.form, changes))
        self.kinds.append("application_form")

    def reseal(self, kind: str, seals: tuple[str, ...], *, key: str = "") -> None:
        """Give the sheets of a kind (and subject) other seals."""

        def change(sheet: Sheet) -> Sheet:
            meant = sheet.kind == kind and (not key or key in sheet.subject)
            return replace(sheet, seals=seals) if meant else sheet

        self.tweaks.append(lambda p: replace(p, sheets=tuple(change(s) for s in p.sheets)))

    def drop(self, kind: str, key: str = "") -> None:
        """Take the sheets of a kind (and subject) out of the folder."""

        def change(paper: Paper) -> Paper | None:
            left = tuple(
                s for s in paper.sheets if not (s.kind == kind and (not key or key in s.subject))
            )
            return replace(paper, sheets=left) if left else None

        self.tweaks.append(change)

    def drop_payment(self, key: str) -> None:
        """Take one receipt off the pages it shares with others."""

        def change(paper: Paper) -> Paper | None:
            left = tuple(
                replace(s, subject=tuple(k for k in s.subject if k != key))
                if s.kind == "bank_receipt"
                else s
                for s in paper.sheets
            )
            left = tuple(s for s in left if s.kind != "bank_receipt" or s.subject)
            return replace(paper, sheets=left) if left else None

        self.tweaks.append(change)

    def on_paper(
        self, option: str = "copy", seals: tuple[str, ...] = ("seller", "applicant")
    ) -> None:
        """Make the victim's invoice a scan with these seals, so that a fault of paper can show."""
        key = self.invoice.key

        def change(paper: Paper) -> Paper | None:
            if not any(s.kind == "vat_invoice" and key in s.subject for s in paper.sheets):
                return paper
            if paper.medium in {"xml", "ofd"}:
                return None
            sheet = Sheet("vat_invoice", (key,), seals, option)
            name = (
                paper.path
                if paper.medium in {"scan", "jpg", "png"}
                else paper.path.rsplit(".", 1)[0] + ".pdf"
            )
            return replace(
                paper,
                path=name,
                sheets=(sheet,),
                medium="scan" if paper.medium == "pdf" else paper.medium,
            )

        self.tweaks.append(change)

    def finish(self) -> Case:
        papers: list[Paper] = []
        for paper in self.case.papers:
            kept: Paper | None = paper
            for tweak in self.tweaks:
                kept = tweak(kept) if kept else None
            if kept:
                papers.append(kept)
        return replace(self.case, papers=tuple(papers))


@dataclass(frozen=True)
class Fault:
    """``rules``: codes any of which finds it; ``extra``: sheets a small case needs besides."""

    key: str
    note: str
    rules: tuple[str, ...]
    spoil: Spoil
    extra: tuple[Sheet, ...] = ()
    scan: bool = True
    rows: int = 2


FAULTS: dict[str, Fault] = {}


def fault(
    key: str,
    note: str,
    *rules: str,
    extra: tuple[Sheet, ...] = (),
    scan: bool = True,
    rows: int = 2,
) -> Callable[[Spoil], Spoil]:
    """Register a way of spoiling a case."""

    def keep(spoil: Spoil) -> Spoil:
        FAULTS[key] = Fault(key, note, rules, spoil, extra, scan, rows)
        return spoil

    return keep
