"""What gives a paper away: its title, the words only it prints, words that speak against it.

Every kind declares one ``Signs``; ``claim`` weighs them on a page. A title near the top is
worth most, a page without one can still be claimed by its words, and a later page of a long
paper is claimed as its continuation, always below a page that carries a title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from audit.extract.glance import Glance, Heading
from audit.extract.registry import Claim
from audit.model import say

_LEAST = 0.5
_TITLE = 0.58
_WEAK_TITLE = 0.42
_MOST_WORDS = 0.4
_MOST = 0.98
#: A later page never outbids a page that carries a title.
_MOST_LATER = 0.57
#: A table of contents names papers and is none of them.
_CONTENTS = re.compile(r"^目[录次]$")
_FIRST = 4
#: A numbered line heads a section of a paper, never a paper.
_SECTION = re.compile(
    r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]|^第[一二三四五六七八九十\d]{1,3}[章节条]"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """Patterns match folded text (no blanks, compatibility forms); titles must match whole.

    ``words``: pairs of weight and pattern, each counted once a page; ``against`` likewise,
    subtracted. ``later_titles`` and ``later``: what a following page of the paper shows.
    """

    titles: tuple[str, ...]
    words: tuple[tuple[float, str], ...] = ()
    against: tuple[tuple[float, str], ...] = ()
    not_titles: tuple[str, ...] = ()
    later_titles: tuple[str, ...] = ()
    later: tuple[tuple[float, str], ...] = ()
    title: float = _TITLE
    """What a strong title is worth: more where the page may look like another kind's."""
    bare: bool = False
    """Words alone may claim a page without a title."""


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def title_of(seen: Glance, patterns: tuple[str, ...], excluded: tuple[str, ...]) -> Heading | None:
    """Return the first heading that a title pattern matches whole and no excluded one does."""
    wanted, unwanted = _compiled(patterns), _compiled(excluded)
    hits = [
        heading
        for heading in seen.headings
        if _SECTION.match(heading.text) is None
        and any(p.fullmatch(heading.text) for p in wanted)
        and not any(p.fullmatch(heading.text) for p in unwanted)
    ]
    return next((h for h in hits if h.strong), hits[0] if hits else None)


def weigh(seen: Glance, pairs: tuple[tuple[float, str], ...]) -> float:
    """Return the sum of the weights of the patterns that occur on the page."""
    patterns = _compiled(tuple(pattern for _, pattern in pairs))
    return sum(
        weight
        for (weight, _), pattern in zip(pairs, patterns, strict=True)
        if pattern.search(seen.text)
    )


def claim(seen: Glance, signs: Signs) -> Claim | None:
    """Return the claim these signs make on a page, ``None`` below the threshold."""
    if not seen.rows or any(_CONTENTS.match(row) for row in seen.rows[:_FIRST]):
        return None
    title = title_of(seen, signs.titles, signs.not_titles)
    words = min(weigh(seen, signs.words), _MOST_WORDS)
    against = weigh(seen, signs.against)
    if title is not None:
        base = signs.title if title.strong else _WEAK_TITLE
        score = base + words - against
        if score >= _LEAST:
            reasons = (say("kind.title", title=title.text),)
            return Claim(min(score, _MOST), reasons)
    elif signs.bare and weigh(seen, signs.words) - against >= _LEAST:
        score = min(weigh(seen, signs.words) - against, 0.9)
        return Claim(score, (say("kind.words"),))
    return _later(seen, signs, against)


def _later(seen: Glance, signs: Signs, against: float) -> Claim | None:
    title = title_of(seen, signs.later_titles, ())
    score = (0.45 if title is not None else 0.0) + weigh(seen, signs.later) - against
    if score < _LEAST:
        return None
    named = say("kind.title", title=title.text) if title is not None else say("kind.words")
    return Claim(min(score, _MOST_LATER), (named,), continues=True)
