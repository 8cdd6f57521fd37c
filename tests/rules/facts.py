"""Facts of a test case from YAML: short, plain, built through ``tests.factory``.

A case names only what it is about::

    name: the buyer is another company
    expect: fail
    deducted: 113000.00
    documents:
      - invoice: {number: "23512000000012345678", total: "113000.00", buyer: 重庆长江物流有限公司}
    rows:
      - {invoice_number: "23512000000012345678", amount: "113000.00"}

A field may be a mapping: ``{value: …, status: doubtful, origin: ocr, reasons: […]}`` or
``{value: …, sources: {qr: …, text_layer: …}}``. ``scan: true`` on a paper makes every field one
read from pixels and the paper a colour scan; ``text`` are the words of its page, ``mode``,
``dpi`` and ``problems`` are those of its pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from audit.match import match_case
from audit.match.category import annotate_items
from audit.model import (
    WHOLE_PAGE,
    Box,
    Candidate,
    CaseFacts,
    CaseFile,
    Document,
    DocumentKind,
    FileStatus,
    Finding,
    ImageCue,
    ImpressionPair,
    InvoiceItem,
    Origin,
    Outcome,
    PageMode,
    Reading,
    RowRole,
    Seal,
    SignaturePair,
    SignedPlace,
    Status,
    TextLine,
    Value,
    problem,
    say,
    stable_key,
)
from audit.model.cross import CrossHit, CrossView, Holder, SellerCrowd, Verification
from audit.policy import load_policy
from audit.rules import run_rules
from tests import factory

Plain = Mapping[str, Any]
POLICY = "cq-2024-industrial-internet"
REJECTED = FileStatus.REJECTED
PAGE_KEYS = ("text", "mode", "dpi", "problems", "cues", "kind_of_page")
_OF_PAPER = frozenset(
    {"scan", "file", "subkind", "marks", "digital", "seal_ids", "items", "page_indexes", "status"}
)


def value_of(name: str, plain: Any) -> Value | None:
    """Return a plain value of YAML as the typed value of the field ``name``."""
    if plain is None or isinstance(plain, date):
        return plain
    if isinstance(plain, (int, float)):
        return Decimal(str(plain))
    if name.endswith("_date") and plain[4:5] != "-":
        return str(plain)
    return factory.typed(name, str(plain)).value


def field_of(name: str, plain: Any) -> Reading:
    """Return a field as the reading that the YAML describes."""
    if not isinstance(plain, Mapping):
        value = value_of(name, plain)
        return factory.reading(value, box=WHOLE_PAGE)
    value = value_of(name, plain.get("value"))
    status = Status(plain.get("status", "confirmed"))
    origin = Origin(plain.get("origin", "text_layer"))
    raw = str(plain.get("raw", plain.get("value", "")) or "")
    given = plain.get("sources", {origin.value: plain.get("value")})
    sources = tuple(
        Candidate(Origin(key), value_of(name, each), str(each), 0.95, 0, WHOLE_PAGE)
        for key, each in given.items()
        if each is not None
    )
    reasons = tuple(say(key) for key in plain.get("reasons", ()))
    return Reading(value, raw, status, 0.9, sources, reasons)


def _fields(plain: Plain) -> dict[str, Any]:
    return {k: field_of(k, v) for k, v in plain.items() if k not in _OF_PAPER}


def paper(kind: str, plain: Plain) -> Document:
    """Return a paper: ``invoice``, ``receipt``, or any document kind."""
    given = {k: v for k, v in plain.items() if k not in PAGE_KEYS}
    options = {
        k: v for k, v in given.items() if k in _OF_PAPER and k not in {"items", "scan", "status"}
    }
    for name in ("marks", "seal_ids", "page_indexes"):
        if name in options:
            options[name] = tuple(options[name])
    items = [_item(i) for i in given["items"]] if "items" in given else None
    if kind == "invoice":
        made = _invoice(given, options, items)
    elif kind == "receipt":
        made = _receipt(given, options)
    else:
        made = factory.document(DocumentKind(kind), items=items or (), **options, **_fields(given))
    return as_scan(made) if given.get("scan") else made


def _item(plain: Plain) -> Any:
    named = {k: v if isinstance(v, Mapping) else str(v) for k, v in plain.items()}
    extra: dict[str, Any] = {
        k: field_of(k, v) for k, v in named.items() if k not in {"name", "amount", "tax_rate"}
    }
    return factory.item(
        field_of("name", named["name"]),  # type: ignore[arg-type]
        field_of("amount", named.get("amount")),
        tax_rate=field_of("tax_rate", named.get("tax_rate", "0.13")),
        **extra,
    )


def _invoice(given: Plain, options: dict[str, Any], items: Any) -> Document:
    known = {"number", "total", "seller", "buyer", "day", "rate", "goods"}
    named = {k: given[k] for k in known if k in given}
    plain = {k: v for k, v in named.items() if k in {"rate", "goods"}}
    for name, field in (
        ("number", "invoice_number"),
        ("total", "total_with_tax"),
        ("seller", "seller_name"),
        ("buyer", "buyer_name"),
        ("day", "issue_date"),
    ):
        if isinstance(named.get(name), Mapping):
            plain[name] = field_of(field, named[name])
        elif name in named:
            plain[name] = str(named[name]) if name in {"number", "total"} else named[name]
    number = plain.pop("number", "23512000000012345678")
    total = plain.pop("total", "113000.00")
    whole = total.amount if isinstance(total, Reading) else total
    others = _fields({k: v for k, v in given.items() if k not in known})
    made = factory.invoice(number, whole, items=items, **options, **plain, **others)
    if isinstance(total, Reading):
        made = replace(made, fields={**made.fields, "total_with_tax": total})
    return made


def _receipt(given: Plain, options: dict[str, Any]) -> Document:
    kind = DocumentKind(given.get("kind", "bank_receipt"))
    names = {
        "amount": "amount",
        "payee": "payee_name",
        "payer": "payer_name",
        "day": "payment_date",
    }
    fields: dict[str, Any] = {
        name: field_of(field, given[name]) for name, field in names.items() if name in given
    }
    known = {*names, "kind"}
    others = _fields({k: v for k, v in given.items() if k not in known})
    amount = fields.pop("amount", factory.reading(Decimal("113000.00")))
    return factory.receipt(amount, kind=kind, file=options.get("file", ""), **fields, **others)


def as_scan(made: Document) -> Document:
    """Return the paper as a colour scan: every field read once from pixels."""
    fields = {k: _from_pixels(v) for k, v in made.fields.items()}
    items = tuple(
        _replaced(
            i, {n: _from_pixels(getattr(i, n)) for n in ("name", "amount", "tax", "tax_rate")}
        )
        for i in made.items
    )
    return replace(made, fields=fields, items=items, origin_digital=False)


def _replaced(item: InvoiceItem, readings: Mapping[str, Any]) -> InvoiceItem:
    return replace(item, **readings)


def _from_pixels(found: Reading) -> Reading:
    if found.value is None or found.status is Status.DOUBTFUL:
        return found
    sources = tuple(
        replace(s, origin=Origin.OCR) if s.origin is Origin.TEXT_LAYER else s for s in found.sources
    )
    status = Status.READ if len({s.origin for s in sources}) == 1 else found.status
    return replace(found, sources=sources, status=status)


def _row(plain: Plain) -> Any:
    given = dict(plain)
    role = RowRole(given.pop("role", "item"))
    number, amount = given.pop("invoice_number", None), given.pop("amount", None)
    cells: dict[str, Any] = {
        k: field_of(k, v) for k, v in given.items() if k not in {"file", "number", "table"}
    }
    shown = None if amount is None else field_of("amount_with_tax", amount)
    named = None if number is None else field_of("invoice_number", number)
    table = str(given.get("table", ""))
    if role is RowRole.ITEM:
        made = factory.row(named, shown, number=given.get("number", 0), **cells)
        return replace(made, table=table)
    total: dict[str, Any] = {"amount_with_tax": shown, **cells}
    return replace(factory.total_row(shown, role=role), cells=total, table=table)


def _seal(plain: Plain, documents: Sequence[Document]) -> Seal:
    given = dict(plain)
    number, origin = given.pop("number", ""), given.pop("origin", "scan")
    colour, shape = given.pop("colour", "red"), given.pop("shape", "circle")
    name = given.pop("id")
    holder = next((d for d in documents if name in d.seal_ids), None)
    if holder is not None:
        given.setdefault("file", holder.file)
    return replace(
        factory.seal(name, **given), number=number, origin=origin, colour=colour, shape=shape
    )


def _with_signatures(facts: CaseFacts, plain: Plain) -> CaseFacts:
    spot = Box(0.5, 0.8, 0.7, 0.85)
    places = tuple(
        SignedPlace(file, page, spot, *(label or ["签字："]))
        for file, page, *label in plain.get("signed", ())
    )
    alike = tuple(
        SignaturePair(places[a], places[b], float(score))
        for a, b, score in plain.get("one_hand", ())
    )
    return replace(facts, signatures=places, signature_pairs=alike)


def build(plain: Plain) -> CaseFacts:
    """Return the facts that the YAML of one case describes."""
    listed = [next(iter(d.items())) for d in (*plain.get("documents", ()), *_many(plain))]
    papers = [paper(kind, given) for kind, given in listed]
    who = factory.applicant(**_applicant(plain.get("who", {})))
    facts = factory.case(
        papers,
        [_row(r) for r in plain.get("rows", ())],
        who=who,
        sealed_rows=[_row(r) for r in plain.get("sealed_rows", ())],
    )
    seals = tuple(_seal(s, facts.documents) for s in plain.get("seals", ()))
    keys = {s.id: s.key for s in seals}
    pairs = tuple(
        ImpressionPair(keys[a], keys[b], float(score)) for a, b, score in plain.get("pairs", ())
    )
    facts = _with_signatures(replace(facts, seals=seals, pairs=pairs), plain)
    for document, (_, given) in zip(facts.documents, listed, strict=True):
        facts = _with_page(facts, document, given)
    return _with_files(_with_known(facts, plain), plain.get("files", ()))


def _with_known(facts: CaseFacts, plain: Plain) -> CaseFacts:
    """Add what the registry (``cross``) and the tax platform (``verified``) say of papers by id."""
    keys = {d.id: d.key for d in facts.documents}
    answers = tuple(
        Verification(keys[name], status, "王芳", "2024-06-02")
        for name, status in plain.get("verified", {}).items()
    )
    facts = replace(facts, verifications=answers)
    if "cross" not in plain:
        return facts
    cross = plain["cross"]
    hits = tuple(
        CrossHit(
            h["kind"],
            str(h.get("key", "mark")),
            keys[h["paper"]],
            Holder(
                **{"case": "案卷乙", "applicant": "重庆别家制造有限公司", **h.get("holder", {})}
            ),
            differs=tuple(h.get("differs", ())),
            strength=float(h.get("strength", 1)),
            hashed=bool(h.get("hashed")),
        )
        for h in cross.get("hits", ())
    )
    crowds = tuple(
        SellerCrowd(c["seller"], tuple(c["applicants"]), int(c["same"]))
        for c in cross.get("crowds", ())
    )
    return replace(facts, cross=CrossView(int(cross.get("cases", 1)), hits, crowds))


def _many(plain: Plain) -> list[Plain]:
    """Return the 120 invoices that ``many: benford`` or ``many: sevens`` stands for."""
    kind = plain.get("many")
    if kind is None:
        return []
    totals = (
        [
            f"{Decimal(10) ** (2 + n // 40) * Decimal(str(1.0592537)) ** (n % 40):.2f}"
            for n in range(120)
        ]
        if kind == "benford"
        else [f"{7000 + n}.00" for n in range(120)]
    )
    return [
        {"invoice": {"number": f"2351200000001{n:07}", "amount_without_tax": t}}
        for n, t in enumerate(totals)
    ]


def _applicant(plain: Plain) -> dict[str, Any]:
    given = dict(plain)
    for name in ("period", "former_names"):
        if name in given and given[name] is not None:
            given[name] = tuple(given[name])
    return given


def _with_page(facts: CaseFacts, document: Document, given: Plain) -> CaseFacts:
    changes = {k: given[k] for k in PAGE_KEYS if k in given}
    if not changes:
        return facts
    pages = []
    for page in facts.pages:
        if document.id not in page.document_ids:
            pages.append(page)
            continue
        inner = page.page
        if "mode" in changes:
            inner = replace(inner, mode=PageMode(changes["mode"]))
        if "dpi" in changes:
            inner = replace(inner, dpi=int(changes["dpi"]))
        lines = (TextLine(str(changes["text"]), WHOLE_PAGE),) if "text" in changes else page.lines
        problems = tuple(problem(c) for c in changes.get("problems", ()))
        cues = tuple(ImageCue(n, WHOLE_PAGE, s) for n, s in changes.get("cues", {}).items())
        kind = DocumentKind(changes.get("kind_of_page", page.kind.value))
        pages.append(
            replace(page, page=inner, lines=lines, problems=problems, cues=cues, kind=kind)
        )
    return replace(facts, pages=tuple(pages))


def _with_files(facts: CaseFacts, given: Sequence[Plain]) -> CaseFacts:
    extra = tuple(
        CaseFile(
            f["file"],
            stable_key("file", f["file"]),
            1000,
            int(f.get("pages", 0)),
            REJECTED if f.get("status") == "rejected" else FileStatus.PROCESSED,
            tuple(problem(c) for c in f.get("problems", ())),
        )
        for f in given
    )
    return replace(facts, files=(*facts.files, *extra))


def judged(
    facts: CaseFacts, policy_name: str = POLICY
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """Match and apply every rule, as the pipeline does."""
    policy = load_policy(policy_name)
    ready = replace(facts, documents=annotate_items(facts.documents, policy))
    return run_rules(ready, match_case(ready, policy), policy)
