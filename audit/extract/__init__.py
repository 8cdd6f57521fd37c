"""Lines, codes and records of a page to documents: every kind is asked, the best claim reads."""

from __future__ import annotations

import re

from audit.extract import registry
from audit.extract.kept import Kept
from audit.extract.registry import Claim, Extraction, KindSpec
from audit.model import (
    DocumentKind,
    PageContent,
    PageResult,
    SecondLook,
)

__all__ = ["extract_page"]

_PAGE_NUMBER = re.compile(r"^(?:第\d{1,3}页(?:[,，/]?共\d{1,3}页)?|[-—·]{1,2}\d{1,3}[-—·]{1,2})$")
#: So few characters on a page are dirt.
_SPECK = 2
#: Claims closer than this are a tie: the kind listed first (the more specific) reads.
_TIE = 0.02


#: A page is extracted once more when its second looks are answered; what it is stays the same.
_claims: Kept[tuple[KindSpec, Claim] | None] = Kept(1)


def extract_page(content: PageContent, looks: tuple[SecondLook, ...] = ()) -> PageResult:
    """Return what a page is and says.

    ``looks``: answers to the ``asks`` of an earlier result for the same content; with them the
    result asks no more.
    """
    claimed = _claims.get(content, None, lambda: best_claim(content))
    if claimed is None:
        return _result(content, _unclaimed_kind(content), 1.0, Extraction())
    spec, claim = claimed
    extraction = spec.extract(content, looks)
    return _result(content, spec.kind, claim.score, extraction, claim.continues)


def best_claim(content: PageContent) -> tuple[KindSpec, Claim] | None:
    """Return the kind with the highest claim; within a tie the one listed first."""
    claims = [
        (spec, claim) for spec in registry.kinds() if (claim := spec.classify(content)) is not None
    ]
    if not claims:
        return None
    top = max(claim.score for _, claim in claims)
    return next((spec, claim) for spec, claim in claims if claim.score >= top - _TIE)


def _unclaimed_kind(content: PageContent) -> DocumentKind:
    """Return blank for a page on which nothing was found, else other.

    A page number, or a speck that reads as a character or two, makes no page of it.
    """
    printed = "".join(line.text for line in content.lines)
    anything = (
        len(_PAGE_NUMBER.sub("", "".join(printed.split()))) > _SPECK
        or any(cell.text.strip() for table in content.tables for cell in table.cells)
        or content.records
        or content.codes
        or content.impressions
        or content.electronic_seals
    )
    return DocumentKind.OTHER if anything else DocumentKind.BLANK


def _result(
    content: PageContent,
    kind: DocumentKind,
    confidence: float,
    extraction: Extraction,
    continues: bool = False,
) -> PageResult:
    return PageResult(
        page=content.page,
        kind=kind,
        kind_confidence=confidence,
        documents=extraction.documents,
        rows=extraction.rows,
        lines=content.lines,
        codes=content.codes,
        impressions=content.impressions,
        electronic_seals=content.electronic_seals,
        cues=content.cues,
        problems=(*content.problems, *extraction.problems),
        asks=extraction.asks,
        continues=continues,
        signatures=content.signatures,
    )
