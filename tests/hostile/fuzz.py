"""Seeded mutations of good files, thrown at the readers: nothing may crash, hang or be our bug.

As a command: ``python -m tests.hostile.fuzz 10000 7`` runs so many mutations from a seed.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.build import (
    docx_parts,
    einvoice,
    ofd_parts,
    page_pdf,
    picture,
    text_content,
    xlsx_parts,
    zipped,
)
from tests.hostile.corpus import OK, Bad, bad
from tests.hostile.probe import Told, throw

_BATCH = 200
_EXTREMES = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80\x00",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"-1",
    b"99999999999",
    b"<",
    b">",
    b"%",
    b"nan",
)
#: How a mutated file may end: read, refused, or stopped by a limit; never by a crash of ours.
FORBIDDEN = frozenset({"E900"})


def seeds() -> dict[str, bytes]:
    """Return the good files that are mutated."""
    jpeg = picture("JPEG", (200, 280))
    scan = page_pdf(
        b"595 0 0 842 0 0 cm /I Do",
        resources=b"<</XObject<</I 6 0 R>>>>",
        more=(
            b"<</Type/XObject/Subtype/Image/Width 200/Height 280/BitsPerComponent 8/ColorSpace/DeviceRGB"
            b"/Filter/DCTDecode/Length %d>>stream\n" % len(jpeg) + jpeg + b"\nendstream",
        ),
    )
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>金额</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    return {
        "text.pdf": page_pdf(text_content()),
        "scan.pdf": scan,
        "book.xlsx": zipped(xlsx_parts()),
        "word.docx": zipped(docx_parts("<w:p><w:r><w:t>验收报告</w:t></w:r></w:p>" + table)),
        "page.ofd": zipped(ofd_parts()),
        "invoice.xml": einvoice("<IssuItemInformation><Amount>5.00</Amount></IssuItemInformation>"),
        "list.csv": "发票号码,金额\n12345678,100.00\n".encode("gbk") * 5,
        "web.xls": b"<html><table><tr><td>1</td><td colspan=2>2</td></tr></table></html>",
        "all.zip": zipped({"a/x.csv": b"1,2\n", "y.txt": b"z" * 500}),
        **{f"picture.{k.lower()}": picture(k, (120, 90)) for k in ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")},
    }  # fmt: skip


def mutations(count: int, seed: int) -> Iterator[Bad]:
    """Yield ``count`` mutated files, the same for the same seed."""
    chance = random.Random(seed)
    goods = seeds()
    names = sorted(goods)
    for number in range(count):
        name = names[number % len(names)]
        data = goods[name]
        if data.startswith(b"PK") and chance.random() < 0.6:
            data = _inside(data, chance)
        else:
            other = goods[chance.choice(names)]
            for _ in range(chance.randint(1, 4)):
                data = _mutated(data, other, chance)
        yield bad(f"{number}-{name}", data, OK)


def _mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    if not data:
        return other[:10]
    place = chance.randrange(len(data))
    length = chance.randint(1, max(1, len(data) // 8))
    before, after = data[:place], data[place:]
    start = chance.randrange(len(other)) if other else 0
    flipped = bytes([after[0] ^ (1 << chance.randrange(8))])
    ways = (
        before + flipped + after[1:],
        before + chance.randbytes(min(length, 16)) + after[16:],
        before,
        before + after[length:],
        before + after[:length] * chance.randint(2, 20) + after,
        before + other[start : start + length] + after,
        before + chance.choice(_EXTREMES) + after[chance.randint(0, 4) :],
        _renumbered(data, chance),
    )
    return chance.choice(ways)


def _renumbered(data: bytes, chance: random.Random) -> bytes:
    digits = [i for i, byte in enumerate(data) if chr(byte).isdigit() and byte < 128]
    if not digits:
        return data
    spot = chance.choice(digits)
    return data[:spot] + b"%d" % chance.choice((0, 9, 65536, 2**31, 10**12)) + data[spot + 1 :]


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Mutate one part of a container and pack it again, so that the directory stays right."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    victim = chance.choice(sorted(parts))
    for _ in range(chance.randint(1, 3)):
        parts[victim] = _mutated(parts[victim], parts[chance.choice(sorted(parts))], chance)
    return zipped(parts)


def run(count: int, seed: int, folder: Path) -> Iterator[tuple[Bad, Told]]:
    """Yield every mutation with what was told of it."""
    batch: list[Bad] = []
    for number, file in enumerate(mutations(count, seed), 1):
        batch.append(file)
        if len(batch) == _BATCH or number == count:
            own = folder / str(number)
            own.mkdir()
            told = throw(batch, own)
            yield from ((one, told[one.name]) for one in batch)
            batch = []


def main() -> int:
    """Run mutations; keeps what ended as it must not under /tmp and names it."""
    warnings.simplefilter("ignore")
    count, seed = (int(one) for one in (*sys.argv[1:], "500", "1")[:2])
    codes: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for file, told in run(count, seed, Path(folder)):
            codes.update(told.codes or {OK})
            if told.codes & (FORBIDDEN | {"E509", "E510", "E511"}):
                kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{file.name}"
                kept.write_bytes(file.data)
                print(sorted(told.codes), kept)  # noqa: T201
                wrong += bool(told.codes & FORBIDDEN)
    print(count, "mutations", dict(sorted(codes.items())), wrong, "bugs")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
