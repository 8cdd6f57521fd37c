"""Faces of made-up invoices as text lines, laid out in millimetres as the real forms are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from audit.extract.layout import units
from audit.model import (
    Box,
    CodePayload,
    Origin,
    Page,
    PageContent,
    PageMode,
    Record,
    TextLine,
)

#: Size of a letter in mm.
LETTER = 3.4


@dataclass(frozen=True)
class Values:
    """What a made-up invoice says."""

    title: str = "重庆增值税电子普通发票"
    code: str = "050002300111"
    number: str = "12345678"
    day: str = "2023年06月30日"
    check: str = "12345 67890 12345 67890"
    machine: str = "661620006292"
    buyer: str = "重庆示例智造有限公司"
    buyer_id: str = "91500000MA5U0TEST1"
    seller: str = "成都样例软件有限公司"
    seller_id: str = "91510100MA6C0TEST2"
    net: str = "¥1,000.00"
    tax: str = "¥130.00"
    total: str = "¥1,130.00"
    words: str = "壹仟壹佰叁拾圆整"
    rows: tuple[tuple[str, ...], ...] = (
        ("*软件*生产管理系统", "V2.0", "套", "1", "1000", "1000.00", "13%", "130.00"),
    )
    remark: str = ""
    corner: str = ""
    extra: tuple[tuple[float, float, str], ...] = ()


@dataclass
class Sheet:
    """Collects lines placed in millimetres on a page of a given size."""

    width: float = 215.0
    height: float = 140.0
    origin: Origin = Origin.TEXT_LAYER
    confidence: float = 1.0
    lines: list[TextLine] = field(default_factory=list)

    def put(self, x: float, y: float, text: str, size: float = LETTER) -> None:
        """Place a text with its left edge and centre line."""
        if not text:
            return
        box = Box(
            x / self.width,
            (y - size / 2) / self.height,
            (x + units(text) * size) / self.width,
            (y + size / 2) / self.height,
        )
        self.lines.append(TextLine(text, box, self.origin, self.confidence))

    def put_right(self, x: float, y: float, text: str) -> None:
        """Place a text with its right edge at ``x``."""
        self.put(x - units(text) * LETTER, y, text)

    def put_centre(self, x: float, y: float, text: str, size: float = LETTER) -> None:
        """Place a text centred at ``x``."""
        self.put(x - units(text) * size / 2, y, text, size)

    def down(self, x: float, y: float, text: str, step: float = 6.0) -> None:
        """Place the characters of a text under each other."""
        for order, char in enumerate(text):
            self.put(x, y + order * step, char)


_PAPER_COLUMNS = (
    ("货物或应税劳务、服务名称", 35.0),
    ("规格型号", 72.0),
    ("单位", 86.0),
    ("数 量", 103.0),
    ("单 价", 126.0),
    ("金 额", 154.0),
    ("税率", 174.0),
    ("税 额", 195.0),
)
_RIGHT_EDGES = (0.0, 0.0, 0.0, 113.0, 139.0, 168.0, 178.0, 209.0)


def paper(
    values: Values, sheet: Sheet | None = None, top: float = 0.0, shift: float = 0.0
) -> Sheet:
    """Lay out a tax-control invoice (buyer above, seller below the table).

    ``shift``: how far (mm) printed values sit below the labels of the form.
    """
    s = sheet or Sheet()
    y = top
    s.put_centre(107, y + 12, values.title, 6.5)
    for row, (label, value) in enumerate(
        (
            ("发票代码:", values.code),
            ("发票号码:", values.number),
            ("开票日期:", values.day),
            ("校 验 码:", values.check),
        )
    ):
        if value:
            s.put(153, y + 6 + row * 5.5, label + value)
    if values.machine:
        s.put(11, y + 24, "机器编号: " + values.machine)
    s.put(14, y + 20, values.corner)
    _paper_party(s, y + 32, shift, "购买方", values.buyer, values.buyer_id)
    s.down(124, y + 33, "密码区")
    for row in range(4):
        s.put(134, y + 32 + row * 5, "04-+646745<275>23*6635/8")
    for head, x in _PAPER_COLUMNS:
        s.put_centre(x, y + 54, head)
    bottom = _table_rows(s, y + 60, values.rows, _RIGHT_EDGES, 9.5)
    foot = max(y + 93, bottom)
    s.put(21, foot, "合")
    s.put(36, foot, "计")
    s.put_right(168, foot + 0.4, values.net)
    s.put_right(208, foot + 0.4, values.tax)
    s.put(22, foot + 6.5, "价税合计（大写）")
    s.put(67, foot + 6.5, values.words)
    s.put(158, foot + 6.5, "（小写）" + values.total)
    _paper_party(s, foot + 13, shift, "销售方", values.seller, values.seller_id)
    s.down(124, foot + 17, "备注", 9)
    s.put(131, foot + 16, values.remark)
    s.put(12, foot + 35, "收款人:王陆")
    s.put(68, foot + 35, "复核:李思")
    s.put(111, foot + 35, "开票人:王梅")
    s.put(154, foot + 35, "销售方:（章）")
    for x, dy, text in values.extra:
        s.put(x, y + dy, text)
    return s


def _paper_party(s: Sheet, y: float, shift: float, head: str, name: str, code: str) -> None:
    s.down(10, y + 2, head)
    s.put(17, y, "名")
    s.put(33, y, "称:")
    s.put(38, y + shift, name)
    s.put(17, y + 5, "纳税人识别号:")
    s.put(43, y + 5 + shift, code)
    s.put(17, y + 10, "地 址、电 话:")
    s.put(17, y + 15, "开户行及账号:")


def _table_rows(
    s: Sheet,
    y: float,
    rows: Iterable[Sequence[str]],
    rights: Sequence[float],
    left: float,
) -> float:
    for row in rows:
        lines = row[0].split("\n")
        for order, part in enumerate(lines):
            s.put(left, y + order * 4.4, part)
        for column, cell in enumerate(row[1:], 1):
            if rights[column]:
                s.put_right(rights[column], y, cell)
            else:
                s.put(63 if column == 1 else 82, y, cell)
        y += 4.4 * len(lines) + 0.4
    return y + 2


_DIGITAL_COLUMNS = (
    ("项目名称", 28.0),
    ("规格型号", 62.0),
    ("单 位", 82.0),
    ("数 量", 99.0),
    ("单 价", 122.0),
    ("金 额", 148.0),
    ("税率/征收率", 170.0),
    ("税 额", 198.0),
)
_DIGITAL_RIGHTS = (0.0, 0.0, 0.0, 103.0, 130.0, 155.0, 176.0, 205.0)


def digital(values: Values, sheet: Sheet | None = None, top: float = 0.0) -> Sheet:
    """Lay out a fully digital invoice (buyer left, seller right, above the table)."""
    s = sheet or Sheet(210.0, 140.0)
    y = top
    s.put_centre(105, y + 12, values.title, 6.0)
    s.put(155, y + 10, "发票号码：" + values.number)
    s.put(155, y + 16, "开票日期：" + values.day)
    s.put(10, y + 10, values.corner)
    for left, head, name, code in (
        (6.0, "购买方信息", values.buyer, values.buyer_id),
        (106.0, "销售方信息", values.seller, values.seller_id),
    ):
        s.down(left, y + 28, head, 4)
        s.put(left + 5, y + 30, "名称：" + name)
        s.put(left + 5, y + 40, "统一社会信用代码/纳税人识别号：" + code, 2.8)
    for head, x in _DIGITAL_COLUMNS:
        s.put_centre(x, y + 52, head)
    bottom = _table_rows(s, y + 57, values.rows, _DIGITAL_RIGHTS, 6.0)
    foot = max(y + 92, bottom)
    s.put(20, foot, "合")
    s.put(36, foot, "计")
    s.put_right(155, foot, values.net)
    s.put_right(205, foot, values.tax)
    s.put(12, foot + 7, "价税合计（大写）")
    s.put(60, foot + 7, "⊗" + values.words)
    s.put(140, foot + 7, "（小写）" + values.total)
    s.down(6, foot + 18, "备注", 5)
    s.put(12, foot + 16, values.remark)
    s.put(20, foot + 36, "开票人：于秋红")
    for x, dy, text in values.extra:
        s.put(x, y + dy, text)
    return s


def content(
    sheet: Sheet,
    *qr: str,
    mode: PageMode = PageMode.DIGITAL,
    records: tuple[Record, ...] = (),
    at: Sequence[Box] = (),
) -> PageContent:
    """Return the page that the sheet's lines, QR payloads and records make."""
    size = (int(sheet.width * 8), int(sheet.height * 8))
    places = [*at, *[Box(0.03, 0.03, 0.12, 0.12)] * len(qr)]
    codes = tuple(CodePayload(text, place) for text, place in zip(qr, places, strict=False))
    page = Page("0" * 64, 0, mode, size)
    return PageContent(page, tuple(sheet.lines), records=records, codes=codes)


def scanned(sheet: Sheet, confidence: float = 0.99) -> Sheet:
    """Return the sheet as OCR would have read it."""
    lines = [replace(one, origin=Origin.OCR, confidence=confidence) for one in sheet.lines]
    return replace(sheet, lines=lines, origin=Origin.OCR, confidence=confidence)
