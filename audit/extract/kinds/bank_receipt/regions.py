"""Several receipts on one page: where each begins and ends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from audit.extract.kinds.bank_receipt import vocabulary
from audit.extract.labels import find_labels, fold
from audit.extract.layout import Sheet, rows
from audit.extract.stacked import find_stacked
from audit.model import WHOLE_PAGE, Box, TextLine

TITLE = (
    r".{0,24}(?:回单|回执|进账单|电汇凭证|转账凭证|业务委托书|汇款凭证|支付系统专用凭证|详情单"
    r"|[借贷]记通知书?|结算业务申请书|(?:电汇|汇款|转账)申请书|[来往]账[借贷]?记?凭证|入账通知书?|回单凭证|付费回单|收付款通知)"
    r"(?:[(](?:付款|收款|借方|贷方|补打|客户联|第.联|付费|收费|利息|电子|[^)]{1,8})[)])*"
)
_TITLE = re.compile(TITLE)
_NO_TITLE = re.compile(r"专用章|凭证号|回单号|回单编号|编号|号码|验证码|种类|类型|[:：]|请勿|重复")
#: What stands in the last lines of a receipt: the next one begins below.
_TAIL = re.compile(r"用途|摘要|附言|备注|附加信息|柜员|验证码|校验真伪|请勿|重复记账")
_VALUED = re.compile(r"(?:种类|类型|方式|名称)[:：]?$")
_ENDS = frozenset({"amount", "amount_in_words"})
_BEGINS = frozenset({"payer", "payee"})
#: Two receipts are at least this far apart (share of the page height).
_APART = 0.1
#: Height on the page, and what stands there.
_Event = tuple[float, str]


def is_title(line: TextLine, more: Sequence[str] = ()) -> bool:
    """Tell whether a line is the title of a receipt (``more``: a bank's own titles)."""
    text = fold(line.text)[0].strip("*=-—_ ")
    if text in more:
        return True
    return _TITLE.fullmatch(text) is not None and _NO_TITLE.search(text) is None


def receipt_areas(sheet: Sheet, titles: Sequence[str] = ()) -> tuple[Box, ...]:
    """Return the area of every receipt on a page, top to bottom; the whole page for one."""
    groups = _groups(_events(sheet, titles))
    cuts = [
        _widest_gap(sheet, before[-1][0], after[0][0])
        for before, after in itertools.pairwise(groups)
    ]
    bounds = [0.0, *cuts, 1.0]
    if not cuts:
        return (WHOLE_PAGE,)
    return tuple(Box(0.0, top, 1.0, bottom) for top, bottom in itertools.pairwise(bounds))


def _groups(events: Sequence[_Event]) -> list[list[_Event]]:
    """Return the events by receipt: a title or party after a complete receipt begins another."""
    groups: list[list[_Event]] = []
    for event in events:
        if not groups or _begins(groups[-1], event):
            groups.append([])
        groups[-1].append(event)
    whole: list[list[_Event]] = []
    for group in groups:
        if whole and not _complete(group):
            whole[-1].extend(group)
        else:
            whole.append(group)
    return whole


def _begins(group: Sequence[_Event], event: _Event) -> bool:
    names = {name for _, name in group}
    if event[0] - group[0][0] < _APART or not names & _ENDS:
        return False
    return event[1] == "title" or (event[1] in _BEGINS and names >= _BEGINS)


def _complete(group: Sequence[_Event]) -> bool:
    names = {name for _, name in group}
    return bool(names & _ENDS and names & (_BEGINS | {"title"}))


def _events(sheet: Sheet, titles: Sequence[str]) -> list[_Event]:
    """Return (y, what) of titles, party labels and amounts, top to bottom."""
    level = [
        (line.box.centre[1], "title")
        for line in sheet.lines
        if is_title(line, titles) and not _is_value(sheet, line)
    ]
    labels = (*vocabulary.EXPLICIT, *vocabulary.HEADS, *vocabulary.ACTUAL, *vocabulary.AMOUNTS)
    for spot in find_labels(sheet, labels):
        side = spot.field.partition("_")[0]
        if side in _BEGINS:
            level.append((spot.box.centre[1], side))
        elif spot.field in _ENDS:
            level.append((spot.box.centre[1], spot.field))
    level += [(s.box.centre[1], s.field) for s in find_stacked(sheet, vocabulary.HEADS)]
    return sorted(level)


def _is_value(sheet: Sheet, line: TextLine) -> bool:
    """Tell whether a label to the left makes the line a value: 凭证种类 电汇凭证 is no title."""
    return any(
        other.box.right <= line.box.left
        and abs(other.box.centre[1] - line.box.centre[1]) < line.box.height / 2
        and _VALUED.search(fold(other.text)[0])
        for other in sheet.lines
    )


def _widest_gap(sheet: Sheet, top: float, bottom: float) -> float:
    """Return the middle of the widest blank between two heights, below any closing line."""
    within = [
        row for row in rows(sheet.lines) if top - 1e-6 <= row[0].box.centre[1] <= bottom + 1e-6
    ]
    closing = [
        i for i, row in enumerate(within[:-1]) if any(_TAIL.search(fold(x.text)[0]) for x in row)
    ]
    spans = [
        (min(line.box.top for line in row), max(line.box.bottom for line in row))
        for row in within[closing[-1] if closing else 0 :]
    ]
    gaps = [
        (after[0] - before[1], (after[0] + before[1]) / 2)
        for before, after in itertools.pairwise(spans)
    ]
    return max(gaps)[1] if gaps else (top + bottom) / 2
