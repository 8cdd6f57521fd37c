"""What every kind of document must keep: one suite for all that are registered.

Each function takes a ``KindSpec``; ``test_kinds.py`` runs them for every one.
"""

from __future__ import annotations

from audit.extract.registry import Extraction, KindSpec
from audit.model import (
    Document,
    Look,
    Origin,
    PageContent,
    Reading,
    SecondLook,
    Status,
)
from tests.contracts.pages import damaged, empty_pages, known_pages

_SEEDS = 3


def declines_an_empty_page(spec: KindSpec) -> None:
    for page in empty_pages():
        assert spec.classify(page) is None


def claims_lie_between_nothing_and_certainty(spec: KindSpec) -> None:
    for name, page in known_pages().items():
        claim = spec.classify(page)
        if claim is not None:
            assert 0.0 < claim.score <= 1.0, name
            assert claim.reasons, name


def never_raises_on_pages_of_other_kinds(spec: KindSpec) -> None:
    for page in known_pages().values():
        spec.classify(page)
        _holds(spec, spec.extract(page, ()), page)


def never_raises_on_damaged_pages(spec: KindSpec) -> None:
    for page in known_pages().values():
        for seed in range(_SEEDS):
            spoilt = damaged(page, seed)
            spec.classify(spoilt)
            _holds(spec, spec.extract(spoilt, ()), spoilt)


def never_raises_on_an_empty_page(spec: KindSpec) -> None:
    for page in empty_pages():
        _holds(spec, spec.extract(page, ()), page)


def asks_no_more_once_answered(spec: KindSpec) -> None:
    """Second looks are one batch; answers, empty or absurd ones too, are taken without more."""
    for name, page in known_pages().items():
        first = spec.extract(page, ())
        if not first.asks:
            continue
        for text in ("", "12345678", "不知所云"):
            answers = tuple(SecondLook(wish, text, 0.5) for wish in first.asks)
            assert spec.extract(page, answers).asks == (), name


def wishes_name_a_place_and_a_document(spec: KindSpec) -> None:
    for name, page in known_pages().items():
        found = spec.extract(page, ())
        for wish in found.asks:
            assert isinstance(wish.look, Look), name
            assert wish.box.right > wish.box.left, name
            assert 0 <= wish.document_index < max(1, len(found.documents)), name


def the_same_page_gives_the_same_result(spec: KindSpec) -> None:
    for page in known_pages().values():
        assert spec.extract(page, ()) == spec.extract(page, ())


def declared_fields_are_named_once(spec: KindSpec) -> None:
    assert len(spec.fields) == len(set(spec.fields))
    assert all(f.isidentifier() and f.lower() == f for f in spec.fields)


def _holds(spec: KindSpec, found: Extraction, page: PageContent) -> None:
    for document in found.documents:
        assert document.page_indexes == (page.page.page_index,)
        _document_holds(spec, document)
    for row in found.rows:
        for reading in row.cells.values():
            _reading_holds(reading)


def _document_holds(spec: KindSpec, document: Document) -> None:
    assert document.kind is spec.kind
    for reading in document.fields.values():
        _reading_holds(reading)
    for item in document.items:
        _reading_holds(item.name)
        _reading_holds(item.amount)


def _reading_holds(reading: Reading) -> None:
    """A value that counts has a source; nothing read once from pixels is confirmed."""
    assert 0.0 <= reading.confidence <= 1.0
    if reading.usable:
        assert reading.sources
    if reading.status is Status.MISSING:
        assert reading.value is None
    one_look = len(reading.sources) == 1 and reading.sources[0].origin is Origin.OCR
    if one_look and reading.status is Status.CONFIRMED:
        keys = {reason.key for reason in reading.reasons}
        assert any(key.startswith("checks.") for key in keys)
