"""Photos of devices: claimed only by the words of a nameplate; a photo without text is other."""

from __future__ import annotations

import re

from audit.extract.glance import Glance
from audit.extract.labels import Label, Side
from audit.extract.papers import Paper, spec_of
from audit.extract.registry import Claim
from audit.extract.signs import Signs
from audit.extract.values import DATED, LETTERED, clean_text, number_value, parse_value
from audit.model import DocumentKind, PageMode, Value, say

FIELDS = (
    "device_name",
    "model",
    "serial_number",
    "manufacturer",
    "made_date",
)
LABELS = (
    Label("device_name", ("设备名称", "产品名称", "品名", "资产名称")),
    Label("model", ("规格型号", "产品型号", "设备型号", "型号", "MODEL", "Model"), LETTERED),
    Label(
        "serial_number",
        (
            "出厂编号",
            "产品编号",
            "设备编号",
            "出厂序号",
            "序列号",
            "机身编号",
            "制造编号",
            "资产编号",
            "SERIALNO.",
            "SERIALNO",
            "SerialNo.",
            "SerialNo",
            "S/N",
        ),
        LETTERED,
        Side.EITHER,
    ),
    Label(
        "manufacturer",
        ("制造商", "生产厂家", "制造单位", "生产企业", "制造厂", "生产商", "Manufacturer"),
    ),
    Label(
        "made_date",
        ("出厂日期", "生产日期", "制造日期", "出厂年月", "制造年月", "DATE", "Date"),
        DATED,
        Side.EITHER,
    ),
)
STOPS = (
    Label(
        "",
        (
            "额定电压",
            "额定功率",
            "额定电流",
            "频率",
            "重量",
            "电源",
            "功率",
            "电压",
            "净重",
            "执行标准",
            "防护等级",
        ),
    ),
)
_PLATE: tuple[tuple[float, str], ...] = (
    (0.3, r"铭牌"),
    (0.2, r"出厂编号|产品编号|序列号|出厂序号|机身编号|制造编号|(?i:serial\s*no)|S/N"),
    (0.18, r"型号|(?i:model)"),
    (0.18, r"出厂日期|生产日期|制造日期|出厂年月"),
    (0.14, r"制造商|生产厂家|制造单位|生产企业|(?i:manufactur)|有限公司"),
    (0.14, r"额定|电压|功率|频率|\d+(?:\.\d+)?[kK]?[VW](?![A-Za-z])|\d{2}Hz"),
    (0.1, r"资产(?:编号|标签|名称)|固定资产"),
)
#: A nameplate says little; a page with more text than this is some other paper.
_MOST_CHARACTERS = 320
_LEAST = 0.5
_PAPERS = re.compile(
    r"合同|发票|甲方|乙方|验收|报告|清单|台账|明细|金额|单价|申报|证书|凭证|回单|送货|装箱|合格证|保修"
)
SIGNS = Signs(
    titles=(
        r".{0,16}(?:设备|现场|铭牌|机器)(?:照片|图片|实物图|实景)(?:及铭牌)?.{0,8}",
        r".{0,10}铭牌(?:照片)?",
    ),
    words=_PLATE,
    against=((0.3, r"甲方|乙方|价税合计|请勿重复记账"), (0.2, r"合计")),
)


def _claims(seen: Glance) -> Claim | None:
    """Claim a picture with a nameplate's words and little else."""
    if seen.content.page.mode is PageMode.DIGITAL or seen.characters > _MOST_CHARACTERS:
        return None
    if _PAPERS.search(seen.text):
        return None
    score = sum(weight for weight, pattern in _PLATE if re.search(pattern, seen.text))
    return Claim(min(score, 0.85), (say("kind.words"),)) if score >= _LEAST else None


def _parse(field: str, raw: str) -> Value | None:
    if field == "serial_number":
        return number_value(raw)
    return clean_text(raw) if field != "made_date" else parse_value(field, raw)


PAPER = Paper(
    kind=DocumentKind.DEVICE_PHOTO,
    fields=FIELDS,
    signs=SIGNS,
    labels=LABELS,
    stops=STOPS,
    precious=("serial_number", "model"),
    parse=_parse,
    claims=_claims,
)
KIND = spec_of(PAPER)
