"""Amount in figures and in words: beside their labels, else the only ones on the receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.beside import value_beside
from audit.extract.labels import Spot, as_candidate, fold
from audit.extract.layout import Sheet, cut, join, rows
from audit.extract.values import money_text, money_value, words_text
from audit.model import Candidate, Origin, TextLine
from audit.text.money import words_to_amount

#: Figures that are money by their look: a currency sign, or two decimals.
_LOOKS_MONEY = re.compile(r"(?:人民币|RMB|CNY|[¥￥])[:：]?-?\d[\d,，.]*|\d[\d,，]*[.．]\d{2}(?!\d)")
_LONG_PLAIN = re.compile(r"\d{9,}(?!\d*[.,])")
_NUMERALS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿"
_SURE_LOOK = 0.95
#: Mostly the characters of an amount in words, a few of them misread.
_UP_TO_WORDS = re.compile(r"^.*(?:人民币|大写金额|大写|金额|[:：)])")
_NEARLY_WORDS = re.compile(
    rf"[\u4e00-\u9fff]?[{_NUMERALS}][{_NUMERALS}元圆角分整正\u4e00-\u9fff]?[{_NUMERALS}元圆角分整正]"
    rf"(?:[{_NUMERALS}元圆角分整正]|[\u4e00-\u9fff](?=[{_NUMERALS}元圆角分整正]))*"
)
_OPEN_END = re.compile(rf"[{_NUMERALS}]{{2,}}$")
_OPEN_START = re.compile(rf"^[{_NUMERALS}元圆角分]{{1,12}}[元圆角分整正]")
_NO_AMOUNT = re.compile(r"余额|手续费|汇率|利率|本金|限额|税额|积数")
#: What a paper that pays says, receipt or bill alike (names as in case.json).
PAYMENT_FIELDS = (
    "bank_name",
    "payer_name",
    "payer_account",
    "payer_bank",
    "payee_name",
    "payee_account",
    "payee_bank",
    "amount",
    "amount_in_words",
    "payment_date",
    "due_date",
    "purpose",
    "serial_number",
    "receipt_number",
)


def amount_candidates(
    sheet: Sheet, spots: Sequence[Spot], page_index: int
) -> dict[str, list[Candidate]]:
    """Return candidates of ``amount`` and ``amount_in_words``."""
    found: dict[str, list[Candidate]] = {}
    figures = _labelled_figures(sheet, spots, page_index) or _loose_figures(sheet, page_index)
    words = _words(sheet, page_index) or _spoilt_words(sheet, spots, page_index)
    if figures:
        found["amount"] = figures
    if words:
        found["amount_in_words"] = words
    return found


def _labelled_figures(sheet: Sheet, spots: Sequence[Spot], page_index: int) -> list[Candidate]:
    """Return the figures beside amount labels; 小写 is asked before a bare 金额."""
    labelled = [s for s in spots if s.field == "amount"]
    labelled.sort(key=lambda s: ("小写" not in s.synonym, s.box.top))
    unread: list[Candidate] = []
    for spot in labelled:
        line = value_beside(sheet, spot, spots)
        if line is None:
            continue
        printed = _figures_in(line)
        if printed is not None:
            value = money_value(printed.text)
            candidate = as_candidate(printed, value, page_index)
            if value is not None:
                return [candidate]
            unread.append(candidate)
        elif any(char.isdigit() for char in line.text):
            unread.append(as_candidate(line, None, page_index))
    return unread[:1]


def _figures_in(line: TextLine) -> TextLine | None:
    """Return the part of a line that is the amount; words and currency may stand beside it."""
    folded, places = fold(line.text)
    match = _LOOKS_MONEY.search(folded)
    if match is not None:
        return cut(line, places[match.start()], places[match.end() - 1] + 1)
    if words_to_amount_of(folded) or _LONG_PLAIN.search(folded) or money_text(folded) is None:
        return None
    return line if re.fullmatch(r"[^0-9]{0,8}\d[\d,，.]*[^0-9]{0,4}", folded) else None


def words_to_amount_of(text: str) -> bool:
    """Tell whether a text holds an amount in words."""
    return words_text(text) is not None


def _loose_figures(sheet: Sheet, page_index: int) -> list[Candidate]:
    """Return the amount no label announces, if all figures that look like money say the same."""
    hits: list[Candidate] = []
    for row in rows(sheet.lines):
        if _NO_AMOUNT.search("".join(fold(line.text)[0] for line in row)):
            continue
        for line in row:
            folded, places = fold(line.text)
            for match in _LOOKS_MONEY.finditer(folded):
                part = cut(line, places[match.start()], places[match.end() - 1] + 1)
                value = money_value(part.text)
                if value is not None and value != 0:
                    hits.append(as_candidate(part, value, page_index))
    return hits[:1] if len({hit.value for hit in hits}) == 1 else []


def _words(sheet: Sheet, page_index: int) -> list[Candidate]:
    """Return the amounts in words, wherever they stand; 人民币…整 printed blank is none."""
    hits = []
    for line in _with_wrapped(sheet.lines):
        printed = words_text(line.text)
        if printed is not None and (words_to_amount(printed) or 0) > 0:
            hits.append(as_candidate(line, printed, page_index, raw=printed))
    values = {words_to_amount(str(hit.value)) for hit in hits}
    return hits if len(values) == 1 else hits[:1]


def _spoilt_words(sheet: Sheet, spots: Sequence[Spot], page_index: int) -> list[Candidate]:
    """Return words that are there but cannot be read as an amount, as printed: one line at most.

    They ask for a second look; until then they say nothing about the figure.
    """
    lines = [value_beside(sheet, s, spots) for s in spots if s.field == "amount_in_words"]
    for line in (*lines, *sheet.lines):
        if line is None:
            continue
        match = _NEARLY_WORDS.search(_UP_TO_WORDS.sub("", fold(line.text)[0]))
        if match is not None and words_to_amount(match.group()) is None:
            return [as_candidate(line, match.group(), page_index, raw=match.group())]
    return []


def readable_words(
    candidates: Sequence[Candidate], figures: Sequence[Candidate] = ()
) -> list[Candidate]:
    """Return the candidates that state an amount; all of them if none does.

    A second look that alone gives words and differs from the figures saw a part of them unless
    it is sure: it says nothing then.
    """
    good = [c for c in candidates if words_to_amount(str(c.value)) is not None]
    printed = {c.value for c in figures}
    telling = [
        c
        for c in good
        if c.origin is not Origin.OCR2
        or c.confidence >= _SURE_LOOK
        or words_to_amount(str(c.value)) in printed
    ]
    return telling or [c for c in candidates if c not in good]


def _with_wrapped(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines with words that run over two lines of a cell joined."""
    found: list[TextLine] = []
    rest = sorted(lines, key=lambda line: (line.box.top, line.box.left))
    used: set[int] = set()
    for line in rest:
        if id(line) in used:
            continue
        if _OPEN_END.search(fold(line.text)[0]):
            tail = next((other for other in rest if _wraps(line, other)), None)
            if tail is not None:
                used.add(id(tail))
                found.append(join((line, tail)) or line)
                continue
        found.append(line)
    return found


def _wraps(line: TextLine, other: TextLine) -> bool:
    step = other.box.top - line.box.bottom
    near = -0.3 * line.box.height <= step <= 0.9 * line.box.height
    over = other.box.left < line.box.right and other.box.right > line.box.left
    return near and over and _OPEN_START.match(fold(other.text)[0]) is not None
