"""Which invoice it is (DOMAIN A1), and the marks that change its meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.extract.kinds.vat_invoice.face import Face
from audit.extract.kinds.vat_invoice.structured import record_is_red, record_is_special
from audit.extract.kinds.vat_invoice.values import is_digital_number
from audit.extract.labels import fold
from audit.model import Reading, Record
from audit.text.ids import code_structure
from audit.text.qr import InvoiceQr

#: Field 2 of the QR payload (DOMAIN A1, REAL_FILES 3).
QR_KINDS = {
    "01": "vat_special_paper",
    "03": "vehicle",
    "04": "vat_general_paper",
    "08": "vat_e_special",
    "10": "vat_e_general",
    "11": "roll",
    "14": "toll",
    "15": "used_vehicle",
    "20": "vat_e_special",
    "31": "digital_special",
    "32": "digital_general",
    "51": "rail",
    "61": "air",
}
#: Titles, most specific first. Characters must follow each other, but others may stand between:
#: the supervision mark's own text is woven into the title by text order.
_TITLES = (
    ("二手车销售统一发票", "used_vehicle"),
    ("机动车销售统一发票", "vehicle"),
    ("铁路电子客票", "rail"),
    ("航空运输电子客票行程单", "air"),
    ("增值税电子专用发票", "vat_e_special"),
    ("增值税电子普通发票", "vat_e_general"),
    ("电子发票(增值税专用发票)", "digital_special"),
    ("电子发票(普通发票)", "digital_general"),
    ("增值税普通发票(卷票)", "roll"),
    ("增值税普通发票(卷式)", "roll"),
    ("增值税专用发票", "vat_special_paper"),
    ("增值税普通发票", "vat_general_paper"),
    ("电子普通发票", "vat_e_general"),
)
_TITLE_NOISE = 10
#: A mark: large letters of which only one of 作废 was read.
PERHAPS_VOID = "疑似作废"
#: Letters of a mark are so many times as high as those of the face, and few.
_LARGE, _FEW = 1.7, 4
_MARK_WORDS = (
    ("作废", re.compile(r"^\W*作废\W*$")),
    ("代开", re.compile(r"^代开$|代开企业|代开专用章|代开税务机关")),
    ("收购", re.compile(r"^收购$|农产品收购")),
    ("成品油", re.compile(r"^成品油$")),
    ("红字", re.compile(r"红字|被红冲|对应正数发票|\(负数\)")),
    ("销货清单", re.compile(r"详见.{0,6}清单")),
    ("记账联", re.compile(r"记账联")),
    ("抵扣联", re.compile(r"抵扣联")),
    ("发票联", re.compile(r"发票联")),
    ("差额征税", re.compile(r"差额征税|差额开票")),
    ("通行费", re.compile(r"^通行费$")),
)


def title_of(face: Face) -> str:
    """Return the kind that the title names, empty if no title was read."""
    limit = face.heads_top
    top = [line for line in face.sheet.lines if line.box.centre[1] < limit]
    texts = [fold(line.text)[0] for line in top]
    for title, kind in _TITLES:
        if any(_woven(title, text) for text in texts):
            return kind
    return ""


def _woven(title: str, text: str) -> bool:
    """Tell whether the title's characters stand in ``text`` in order, with little between."""
    if len(text) > len(title) + _TITLE_NOISE:
        return False
    at = 0
    for char in title:
        at = text.find(char, at) + 1
        if at == 0:
            return False
    return True


def kind_of_code(code: str) -> str:
    """Return the kind that the digits of an invoice code tell, empty if none."""
    structure = code_structure(code)
    return "" if structure is None else structure.kind


def subkind(
    face: Face | None,
    number: Reading,
    code: Reading,
    codes: Sequence[InvoiceQr],
    records: Sequence[Record],
) -> str:
    """Return the key of DOMAIN A1 for an invoice; empty if nothing tells."""
    title = title_of(face) if face is not None else ""
    by_qr = next((QR_KINDS[c.kind] for c in codes if c.kind in QR_KINDS), "")
    by_code = kind_of_code(code.text or "")
    if title in {"rail", "air", "vehicle", "used_vehicle", "roll"}:
        return title
    if face is not None and _is_blockchain(face, by_code):
        return "blockchain"
    if is_digital_number(number.value):
        return _digital(face, title, by_qr, code, records)
    if by_code in {"toll", "roll", "vehicle", "used_vehicle", "blockchain"}:
        return by_code
    printed = title if not title.startswith("digital") else ""
    return printed or by_qr or by_code


def _is_blockchain(face: Face, by_code: str) -> bool:
    texts = [fold(line.text)[0] for line in face.sheet.lines]
    return any("区块链电子" in text for text in texts) or (
        by_code == "blockchain" and any("电子" in text and "发票" in text for text in texts)
    )


def _digital(
    face: Face | None,
    title: str,
    by_qr: str,
    code: Reading,
    records: Sequence[Record],
) -> str:
    if code.text:
        return "digital_paper"
    if by_qr in {"rail", "air", "toll"}:
        return by_qr
    if _toll(face, records):
        return "toll"
    special = [s for s in map(record_is_special, records) if s is not None]
    if special:
        return "digital_special" if special[0] else "digital_general"
    if by_qr in {"digital_special", "digital_general"}:
        return by_qr
    return "digital_special" if "special" in title else "digital_general"


def _toll(face: Face | None, records: Sequence[Record]) -> bool:
    if any("/Toll/" in f.name or f.name.startswith("Toll/") for r in records for f in r.fields):
        return True
    if face is None:
        return False
    top = [fold(line.text)[0] for line in face.sheet.lines if line.box.centre[1] < face.heads_top]
    return "通行费" in top


def marks_of(
    faces: Sequence[Face],
    records: Sequence[Record],
    total: Reading,
    seller: Reading,
    stamps: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the marks of an invoice: printed words, a negative total, a tax office as seller.

    ``faces``: its first reading and what was read again in the same places (large letters across
    others are among these); ``stamps``: the words of the stamps on it.
    """
    texts = [fold(line.text)[0] for face in faces for line in face.sheet.lines]
    texts += [copy for face in faces for copy in face.copies]
    texts += [
        fold(f.text)[0] for r in records for f in r.fields if f.name.endswith(("Remark", "Note"))
    ]
    found = [mark for mark, pattern in _MARK_WORDS if any(pattern.search(t) for t in texts)]
    negative = total.amount is not None and total.amount < 0
    if "红字" not in found and (negative or any(record_is_red(r) for r in records)):
        found.append("红字")
    if "作废" not in found and any("作废" in word for word in stamps):
        found.append("作废")
    if "作废" not in found and _voided_perhaps(faces):
        found.append(PERHAPS_VOID)
    if "代开" not in found and "税务局" in (seller.text or ""):
        found.append("代开")
    return tuple(found)


def _voided_perhaps(faces: Sequence[Face]) -> bool:
    """Tell whether large letters across the face may be 作废: slanted or crossed, half is read."""
    lines = [line for face in faces for line in face.sheet.lines]
    heights = sorted(line.box.height for line in lines)
    large = _LARGE * heights[len(heights) // 2] if heights else 0.0
    return any(
        line.box.height >= large and len(text) <= _FEW and ("作" in text or "废" in text)
        for line in lines
        if (text := fold(line.text)[0])
    )


_REAL_SELLER = re.compile(
    r"代开(?:企业|单位|纳税人)名称[:：]?(?P<name>[^\s:：;；,，]+?)(?=代开|税号|纳税人|$|[\s;；,，])"
)


def real_seller(remarks: str) -> str:
    """Return the company for which a tax office issued, as the remark names it."""
    match = _REAL_SELLER.search(remarks)
    if match is None:
        match = _REAL_SELLER.search(fold(remarks)[0])
    return match.group("name") if match else ""
