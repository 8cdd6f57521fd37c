"""Is this page an invoice? Scored by what only invoices print together."""

from __future__ import annotations

import re

from audit.extract.kinds.vat_invoice import labels
from audit.extract.kinds.vat_invoice.codes import invoice_codes
from audit.extract.kinds.vat_invoice.face import Face, make_face
from audit.extract.kinds.vat_invoice.structured import invoice_records
from audit.extract.kinds.vat_invoice.subkind import title_of
from audit.extract.labels import fold
from audit.extract.layout import sheet_of
from audit.extract.registry import Claim
from audit.model import WHOLE_PAGE, Message, PageContent, say

_ENOUGH = 0.5
_OTHER_TITLES = re.compile(
    r"清单$|明细表|汇总表|台账|一览表|^.{0,20}(合同|协议|申报表|回单|凭证|报告)(书)?$|查验结果|查验明细"
)
_PAGE_OF = re.compile(r"共(\d{1,3})页第(\d{1,3})页|第(\d{1,3})页[/,，]?共(\d{1,3})页")
#: A page without any of these characters close together is looked at no further.
_MENTION = re.compile(r"发\s*票|票\s*价|行程单|价\s*税|税\s*额|客票")
_TICKETS = frozenset({"rail", "air"})


def classify(content: PageContent) -> Claim | None:
    """Return the claim on a page, ``None`` to decline."""
    if invoice_records(content.records):
        return Claim(0.99, (say("vat_invoice.is.record"),))
    if not content.codes and not any(_MENTION.search(line.text) for line in content.lines):
        return None
    sheet = sheet_of(content)
    codes = invoice_codes(content.codes, WHOLE_PAGE)
    if not sheet.lines:
        return Claim(0.8, (say("vat_invoice.is.qr"),)) if codes else None
    face = make_face(sheet, WHOLE_PAGE, content.page.page_index)
    score, reasons = _score(face)
    if codes:
        score += 0.4
        reasons.append(say("vat_invoice.is.qr"))
    if _titled_otherwise(face):
        score -= 0.5
    if score < _ENOUGH:
        return None
    return Claim(min(score, 0.99), tuple(reasons), continues=_later_page(face))


def _score(face: Face) -> tuple[float, list[Message]]:
    score = 0.0
    reasons: list[Message] = []
    title = title_of(face)
    if title:
        score += 0.45 if title in _TICKETS else 0.35
        reasons.append(say("vat_invoice.is.title"))
    signs = (
        (0.15, face.of(labels.TOTAL_WORDS)),
        (0.1, face.of(labels.TOTAL_SMALL)),
        (0.1, face.of(labels.NUMBER)),
        (0.05, face.of(labels.CODE)),
        (0.05, face.of(labels.DATE)),
        (0.1, face.of(labels.TAX_ID, labels.BUYER_ID, labels.SELLER_ID)),
        (0.05, [b for b in face.blocks if b.field == "buyer"]),
        (0.05, [b for b in face.blocks if b.field == "seller"]),
        (0.05, [b for b in face.blocks if b.field == "cipher"]),
        (0.1, [s for s in face.spots if s.field in {"drawer", "seal_place"}]),
        (0.1, face.head("col_name") and face.head("col_tax")),
        (0.05, face.of(labels.CHECK, labels.MACHINE)),
    )
    found = sum(weight for weight, there in signs if there)
    if found:
        reasons.append(say("vat_invoice.is.labels"))
    return score + found, reasons


def _titled_otherwise(face: Face) -> bool:
    """Tell whether the first lines name another paper (清单, 台账, 合同 …)."""
    lines = sorted(face.sheet.lines, key=lambda line: line.box.top)[:4]
    return any(_OTHER_TITLES.search(fold(line.text)[0]) for line in lines)


def _later_page(face: Face) -> bool:
    """Tell whether the page is the second or a later one of an invoice."""
    for line in face.sheet.lines:
        match = _PAGE_OF.search(fold(line.text)[0])
        if match is not None:
            number = match.group(2) or match.group(3)
            return int(number) > 1
    return False
