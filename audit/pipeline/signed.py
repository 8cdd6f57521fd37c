"""Signatures of a case and those of them that look like one picture used twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from audit.model import MOST_SIGNATURES, PageMode, PageResult, SignaturePair, SignedPlace

Signed = tuple[SignedPlace, PageResult, str]

#: Likeness of strokes from which two signatures are taken for one picture.
SAME_STROKES = 0.8
#: Pages that share so much of their text are copies of one page: their signatures are one.
_COPY = 0.9
#: Lines shorter than this say little about the page.
_TELLING = 4


def signed_places(marks: Sequence[tuple[str, PageResult]]) -> list[Signed]:
    """Return the signatures on scanned pages (file, result), each with its page and strokes."""
    return [
        (SignedPlace(file, result.page.page_index, one.box, one.label), result, one.strokes)
        for file, result in marks
        if result.page.mode is not PageMode.DIGITAL
        for one in result.signatures
    ]


def find_signature_pairs(signed: Sequence[Signed]) -> tuple[SignaturePair, ...]:
    """Return the pairs on different pages whose strokes are the same, the likest first.

    Only the first ``MOST_SIGNATURES`` are compared.
    """
    signed = signed[:MOST_SIGNATURES]
    if len(signed) < 2:  # noqa: PLR2004 - a pair
        return ()
    from audit.recognise.signatures import likeness, unpack

    strokes = [unpack(packed) for *_, packed in signed]
    found = []
    for i, j in combinations(range(len(signed)), 2):
        one, other = strokes[i], strokes[j]
        if one is None or other is None:
            continue
        score = likeness(one, other)
        if score >= SAME_STROKES and not _one_page(signed[i][1], signed[j][1]):
            found.append(SignaturePair(signed[i][0], signed[j][0], round(score, 3)))
    return tuple(sorted(found, key=lambda p: -p.score))


def _one_page(one: PageResult, other: PageResult) -> bool:
    """Tell whether two pages are the same one, or copies of it."""
    if (one.page.sha256, one.page.page_index) == (other.page.sha256, other.page.page_index):
        return True
    texts = [{"".join(line.text.split()) for line in r.lines} for r in (one, other)]
    telling = [{t for t in lines if len(t) >= _TELLING} for lines in texts]
    fewer = min(len(t) for t in telling)
    return fewer > 0 and len(telling[0] & telling[1]) >= _COPY * fewer
