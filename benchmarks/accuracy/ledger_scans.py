"""Cells of scanned investment ledgers: right, doubtful, missing, silently wrong.

Usage: python -m benchmarks.accuracy.ledger_scans [--rows 12 60] [--seeds 1 2 3] [--header first]

Renders made-up ledgers (typst), makes scans of them (casegen), reads them through the page task
and the case's joining of pages, and compares every cell with what was printed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import io
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from audit.extract import extract_page
from audit.model import LedgerRow, Page, PageContent, PageMode, PageResult, Reading, RowRole, Status
from audit.pipeline.ledgerpages import file_rows
from audit.pipeline.tasks import look_again, recognise_content
from audit.pixels.raster import Raster
from audit.readers import PageRead
from audit.settings import Options
from audit.text.names import same_company

Pixels = npt.NDArray[np.uint8]
HEADINGS = (
    ("序号", "number", 8),
    ("费用类别", "category", 17),
    ("名称", "name", 30),
    ("用途", "purpose", 26),
    ("供应商", "supplier", 36),
    ("合同编号", "contract_number", 24),
    ("发票号码", "invoice_number", 26),
    ("开票日期", "issue_date", 18),
    ("不含税金额（元）", "amount_without_tax", 19),
    ("税额（元）", "tax_amount", 17),
    ("价税合计（元）", "amount_with_tax", 20),
    ("付款日期", "payment_date", 18),
    ("付款凭证号", "payment_number", 20),
)
_GOODS = (
    ("软件购置费", "生产执行系统（MES）软件", "车间生产过程管理"),
    ("软件购置费", "设备联网数据采集平台V3.0", "采集设备运行数据"),
    ("设备购置费", "数控立式加工中心VMC850", "箱体零件精加工"),
    ("设备购置费", "工业机器人及末端夹具", "上下料自动化"),
    ("云服务费", "云服务器租用（一年）", "平台部署"),
    ("系统集成费", "产线系统集成与联调", "各系统互联互通"),
    ("网络建设费", "工业以太网交换机", "车间网络建设"),
    ("技术服务费", "数据建模与优化技术服务", "质量预测模型"),
)
_SELLERS = (
    "成都云帆软件有限公司",
    "重庆巴渝数控设备有限责任公司",
    "上海申联工业自动化股份有限公司",
    "深圳市智联物联网科技有限公司",
    "重庆两江信息系统集成有限公司",
)


@dataclass(frozen=True)
class Printed:
    """One row as printed."""

    cells: dict[str, str]
    role: RowRole = RowRole.ITEM


AMOUNTS = ("amount_without_tax", "tax_amount", "amount_with_tax")


def made_rows(count: int, seed: int, every: int = 0) -> list[Printed]:
    """Return ``count`` items, after ``every`` of them a subtotal (0: none), and the total."""
    rng = random.Random(seed)
    rows = []
    sums, part = [Decimal(0)] * 3, [Decimal(0)] * 3
    for n in range(1, count + 1):
        category, name, purpose = rng.choice(_GOODS)
        net = Decimal(rng.randrange(50_000, 90_000_000)) / 100
        tax = (net * rng.choice((Decimal("0.13"), Decimal("0.06")))).quantize(Decimal("0.01"))
        day = date(2022, 3, 1) + timedelta(days=rng.randrange(600))
        number = (
            f"{day.year % 100}50200000{rng.randrange(10**10):010}"
            if rng.random() < 0.7
            else f"{rng.randrange(10**8):08}"
        )
        for i, amount in enumerate((net, tax, net + tax)):
            sums[i] += amount
            part[i] += amount
        rows.append(
            Printed(
                {
                    "number": str(n),
                    "category": category,
                    "name": name,
                    "purpose": purpose,
                    "supplier": rng.choice(_SELLERS),
                    "contract_number": f"HT-{day.year}-{rng.randrange(1000):03}",
                    "invoice_number": number,
                    "issue_date": f"{day:%Y-%m-%d}",
                    "amount_without_tax": f"{net:,.2f}",
                    "tax_amount": f"{tax:,.2f}",
                    "amount_with_tax": f"{net + tax:,.2f}",
                    "payment_date": f"{day + timedelta(days=9):%Y-%m-%d}",
                    "payment_number": f"PZ{rng.randrange(10**6):06}",
                }
            )
        )
        if every and n % every == 0:
            rows.append(_sum_row("小计", part, RowRole.SUBTOTAL))
            part = [Decimal(0)] * 3
    return [*rows, _sum_row("合计", sums, RowRole.TOTAL)]


def _sum_row(label: str, sums: Sequence[Decimal], role: RowRole) -> Printed:
    amounts = {f: f"{s:,.2f}" for f, s in zip(AMOUNTS, sums, strict=True)}
    return Printed({"name": label, **amounts}, role)


def _breakable(text: str) -> str:
    """Let long numbers wrap inside their cell, as spreadsheets do."""
    return "\u200b".join(text) if text.isdigit() or "-" in text else text


def typeset(rows: Sequence[Printed], *, repeat: bool, size: float = 7.5) -> list[Pixels]:
    import typst
    from PIL import Image

    widths = ", ".join(f"{w}fr" for _, _, w in HEADINGS)
    heads = ", ".join(f"[{label}]" for label, _, _ in HEADINGS)
    header = f"table.header({heads})" if repeat else heads
    body = []
    for row in rows:
        if row.role is not RowRole.ITEM:
            body.append(f"table.cell(colspan: 8)[{row.cells['name']}]")
            body += [f"[{row.cells.get(f, '')}]" for _, f, _ in HEADINGS[8:]]
        else:
            body += [f"[{_breakable(row.cells.get(f, ''))}]" for _, f, _ in HEADINGS]
    source = f"""
#set page(width: 297mm, height: 210mm, margin: (x: 8mm, y: 12mm))
#set text(font: ("Noto Sans SC",), size: {size}pt, lang: "zh")
#align(center, text(size: 14pt)[重庆山城智造有限公司数字化车间建设项目投资明细表])
#align(right)[单位：元]
#table(columns: ({widths}), stroke: 0.5pt, inset: 2.5pt, align: center + horizon, {header},
{", ".join(body)})
注：本表所列发票均已入账。
"""
    place = importlib.metadata.distribution("pylopdf-fonts-zh-cn").locate_file(
        "pylopdf_fonts_zh_cn"
    )
    compiler: Any = typst  # its stubs do not say that several pages come as a list
    out = compiler.compile(
        source.encode(), format="png", ppi=200.0, font_paths=[str(place)], ignore_system_fonts=True
    )
    pages: list[bytes] = [out] if isinstance(out, bytes) else out
    return [np.asarray(Image.open(io.BytesIO(p)).convert("RGB")) for p in pages]


def scans(pages: Sequence[Pixels], seed: int, mode: str, *, photo: bool = False) -> list[Pixels]:
    from cases.casegen.scan import degrade

    return [
        degrade(p, seed=seed * 100 + i, dpi=200, mode=mode, photo=photo)
        for i, p in enumerate(pages)
    ]


def _drawn(raster: Raster) -> Raster:
    return raster


def read(pages: Sequence[Pixels]) -> tuple[list[PageResult], float]:
    options = Options()
    results = []
    begin = time.process_time()
    for i, pixels in enumerate(pages):
        mode = PageMode.COLOUR if pixels.ndim == 3 else PageMode.GREY
        content = PageContent(Page("0" * 64, i, mode))
        raster = Raster(pixels, 200)
        found, upright = recognise_content(PageRead(content, partial(_drawn, raster)), options)
        result = extract_page(found)
        if result.asks and upright is not None:
            result = extract_page(found, look_again(upright, result.asks, options))
        results.append(result)
    return results, time.process_time() - begin


def verdict(field: str, printed: str, reading: Reading) -> str:
    if reading.status is Status.MISSING:
        return "missing"
    right = _same(field, printed, reading)
    if not reading.usable:
        return "doubtful_right" if right else "doubtful_wrong"
    return "right" if right else "WRONG"


def _same(field: str, printed: str, reading: Reading) -> bool:
    value = reading.value
    if isinstance(value, Decimal):
        return value == Decimal(printed.replace(",", ""))
    if isinstance(value, date):
        return value.isoformat() == printed
    text = str(value)
    if field == "supplier":
        return same_company(text, printed)
    return _plain(text) == _plain(printed)


def _plain(text: str) -> str:
    return text.replace(" ", "").translate(str.maketrans("（）：，", "():,")).upper()


def compare(
    printed: Sequence[Printed], rows: Sequence[LedgerRow]
) -> Iterator[tuple[str, str, str, Reading]]:
    for want, got in zip(printed, rows, strict=False):
        fields = [f for f in want.cells if want.role is RowRole.ITEM or f != "name"]
        for field in fields:
            reading = got.get(field)
            yield field, verdict(field, want.cells[field], reading), want.cells[field], reading
    for want in printed[len(rows) :]:
        for field in want.cells:
            yield field, "missing", want.cells[field], Reading(None, "", Status.MISSING, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[12, 60])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--header", choices=("first", "every"), default="first")
    parser.add_argument("--mode", default="colour")
    parser.add_argument("--size", type=float, default=7.5)
    parser.add_argument("--photo", action="store_true")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    for count in given.rows:
        tally: Counter[str] = Counter()
        by_field: dict[str, Counter[str]] = {}
        seconds, pages_read = 0.0, 0
        for seed in given.seeds:
            printed = made_rows(count, seed)
            pages = typeset(printed, repeat=given.header == "every", size=given.size)
            results, used = read(scans(pages, seed, given.mode, photo=given.photo))
            seconds, pages_read = seconds + used, pages_read + len(pages)
            rows = list(file_rows(results))
            kinds = [f"{r.kind.value}{'+' if r.continues else ''}" for r in results]
            print(f"rows {count} seed {seed}: {len(rows)} of {len(printed)} rows, pages {kinds}")
            for field, outcome, want, reading in compare(printed, rows):
                tally[outcome] += 1
                by_field.setdefault(field, Counter())[outcome] += 1
                if given.show and outcome != "right":
                    why = [m.key for m in reading.reasons]
                    print(f"  {field:20} {outcome:15} {want!r} <- {reading.raw!r} {why}")
        whole = sum(tally.values())
        shares = ", ".join(f"{k} {v} ({v / whole:.2%})" for k, v in sorted(tally.items()))
        print(f"rows {count}: {whole} cells: {shares}; {seconds / pages_read:.2f} CPU s a page")
        for field, counts in by_field.items():
            if set(counts) != {"right"}:
                print(f"  {field:20} {dict(counts)}")


if __name__ == "__main__":
    main()
