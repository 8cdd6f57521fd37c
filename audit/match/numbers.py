"""Invoice numbers as people type them into a ledger cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.text.normal import nfkc

#: A run of numbers in one cell may name this many invoices at most; more is taken for two numbers.
LONGEST_RANGE = 200
DIGITAL_LENGTH = 20
PAPER_LENGTH = 8
CODE_LENGTHS = (10, 12)
#: Digits that a spreadsheet keeps of a number typed as a figure.
FIGURE_DIGITS = 15
#: Digits of a typed-off number's end that may stand for the number.
SHORTEST_SUFFIX = 6

_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
_GROUPED = re.compile(r"(?<!\d)\d{4}(?: \d{4}){4}(?!\d)|(?<!\d)\d{4} \d{4}(?!\d)")
_RANGE_MARKS = r"\s*(?:-{1,2}|~|—{1,2}|–|至|到)\s*"
_TOKEN = re.compile(rf"(\d+)(?:{_RANGE_MARKS}(\d+))?")
_GROUPS_OF_THOUSANDS = re.compile(r"[.,]0+(?!\d)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One invoice number as typed: digits only; ``code`` where the cell gives one with it."""

    number: str
    code: str = ""


def mentions(cell: str, code_cell: str = "") -> tuple[Mention, ...]:
    """Return the invoice numbers that a cell names, in order, each once; none for ``见附件``.

    Understands several numbers in one cell, ranges (``12345678-12345680``, ``12345678~80``),
    code and number together, groups of four digits, and figures such as ``2.4502E+19``.
    ``code_cell`` is the row's own code column: it applies to 8-digit numbers without a code.
    """
    text = _GROUPED.sub(lambda m: m.group().replace(" ", ""), _plain_figures(nfkc(cell)))
    code = "".join(re.findall(r"\d+", nfkc(code_cell)))
    code = code if len(code) in CODE_LENGTHS else ""
    found: list[Mention] = []
    pending = ""
    for match in _TOKEN.finditer(text):
        for mention in _of_token(match.group(1), match.group(2)):
            if not mention.code and len(mention.number) in CODE_LENGTHS:
                pending = mention.number
                continue
            own = mention.code or (pending if len(mention.number) == PAPER_LENGTH else "")
            found.append(Mention(mention.number, own or _code_for(mention.number, code)))
    return tuple(dict.fromkeys(m for m in found if len(m.number) >= SHORTEST_SUFFIX))


def _code_for(number: str, code: str) -> str:
    return code if len(number) <= PAPER_LENGTH else ""


def _plain_figures(text: str) -> str:
    """Return the text with ``2.4502E+19`` written out, and ``12345678.00`` without its zeros."""

    def written(match: re.Match[str]) -> str:
        decimals = match.group(2) or ""
        return match.group(1) + decimals.ljust(int(match.group(3)), "0")

    return _GROUPS_OF_THOUSANDS.sub("", _EXPONENT.sub(written, text))


def _of_token(first: str, second: str | None) -> list[Mention]:
    if second is None:
        return [Mention(first)]
    if len(first) in CODE_LENGTHS and len(second) == PAPER_LENGTH:
        return [Mention(second, first)]
    last = first[: -len(second)] + second if len(second) < len(first) else second
    span = int(last) - int(first)
    if len(last) == len(first) and 0 < span <= LONGEST_RANGE:
        width = len(first)
        return [Mention(str(n).zfill(width)) for n in range(int(first), int(last) + 1)]
    return [Mention(first), Mention(second)]


def one_off(typed: str, printed: str) -> bool:
    """Tell whether one digit is wrong, missing, doubled or swapped with its neighbour."""
    if typed == printed or abs(len(typed) - len(printed)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(typed, printed, strict=False)) if a != b),
        min(len(typed), len(printed)),
    )
    a, b = typed[start:], printed[start:]
    same_length = len(a) == len(b)
    return (
        (same_length and a[1:] == b[1:])
        or (same_length and a[:2] == b[1::-1] and a[2:] == b[2:])
        or a[1:] == b
        or a == b[1:]
    )
