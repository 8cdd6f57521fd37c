"""Fields stated in running text rather than beside a label: sentences over rows and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from audit.extract.glance import Glance
from audit.extract.labels import as_candidate, fold
from audit.extract.layout import join, rows, runs_down
from audit.model import Candidate, TextLine, Value

#: A sentence is looked for in at most so many rows on end.
_SPAN = 3


def passages(seen: Glance, span: int = _SPAN) -> Iterator[tuple[str, TextLine]]:
    """Yield folded text and place of every row, and of every row with the ones after it."""
    level = [line for line in seen.sheet.lines if not runs_down(line, seen.sheet.aspect)]
    joined = [line for row in rows(level) if (line := join(row)) is not None]
    texts = [fold(line.text)[0] for line in joined]
    for width in range(1, span + 1):
        for at in range(len(joined) - width + 1):
            whole = join(joined[at : at + width])
            if whole is not None:
                yield "".join(texts[at : at + width]), whole


def stated(
    seen: Glance,
    pattern: str,
    value: Callable[[str], Value | None],
    span: int = _SPAN,
) -> list[Candidate]:
    """Return the first statement that matches folded text: group ``v`` (or all) is the value.

    ``value`` gets the characters as printed, full-width brackets and all.
    """
    compiled = re.compile(pattern)
    index = seen.content.page.page_index
    for text, line in passages(seen, span):
        match = compiled.search(text)
        if match is None:
            continue
        start, end = match.span("v" if "v" in compiled.groupindex else 0)
        places = fold(line.text)[1]
        if start == end or len(places) != len(text):
            continue
        raw = line.text[places[start] : places[end - 1] + 1]
        found = value(raw)
        if found is not None:
            return [as_candidate(line, found, index, raw=raw)]
    return []


def bottom_date(seen: Glance) -> str:
    """Return the last full date that stands on a row of its own in the lower half, else empty.

    Papers are dated under their signatures; a date inside a sentence is not theirs.
    """
    pattern = re.compile(
        r"^.{0,12}?((?:19|20)\d{2}年\d{1,2}月\d{1,2}日|[二〇○0零一]{2}.{2}年.{1,3}月.{1,3}日)$"
    )
    found = ""
    for row in seen.rows[len(seen.rows) // 2 :]:
        match = pattern.match(row)
        if match is not None:
            found = match.group(1)
    return found
