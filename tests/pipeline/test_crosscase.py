"""What a case shows the registry and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest

from audit.errors import InputUnusableError
from audit.model import Holder, Sighting
from audit.pipeline.crosscase import look_up, picture_hash
from audit.pipeline.registry_files import (
    export_hashes,
    export_list,
    import_hashes,
    import_list,
    read_key,
)
from audit.store.registry import Registry
from audit.text.shingles import bands
from tests.text.test_shingles import TEXT

A = Holder("case-a", "重庆甲机械有限公司", "A")
B = Holder("case-b", "重庆乙机械有限公司", "B")
INVOICE = Sighting(
    "invoice", "24502000000012345678", "doc-a", "票.pdf", 0, Decimal("1000.00"), date(2023, 5, 6),
    "重庆甲机械有限公司", "成都丙软件有限公司",
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Registry]:
    with Registry(tmp_path / "registry.db") as registry:
        yield registry


def test_the_same_invoice_in_another_case_is_a_hit(book: Registry) -> None:
    book.record(B, [replace(INVOICE, document_key="doc-b")])
    view = look_up(book, A, [INVOICE])
    (hit,) = view.hits
    assert (hit.kind, hit.holder, hit.differs) == ("invoice", B, ())
    assert view.cases == 1


def test_a_cloned_face_names_what_differs(book: Registry) -> None:
    cloned = replace(INVOICE, amount=Decimal(900), buyer="重庆乙机械有限公司")
    book.record(B, [cloned])
    (hit,) = look_up(book, A, [INVOICE]).hits
    assert hit.differs == ("amount", "buyer")


def test_an_unread_amount_differs_from_nothing(book: Registry) -> None:
    book.record(B, [replace(INVOICE, amount=None)])
    assert look_up(book, A, [INVOICE]).hits[0].differs == ()


def test_copied_wording_is_a_hit_by_its_strength(book: Registry) -> None:
    book.record(B, [Sighting("text", band, "report-b", "验收.pdf") for band in bands(TEXT)])
    ours = [Sighting("text", band, "report-a") for band in bands(TEXT)]
    (hit,) = look_up(book, A, ours).hits
    assert (hit.kind, hit.document_key, hit.strength) == ("text", "report-a", 1.0)
    assert not look_up(book, A, ours[:5]).hits


def test_a_seller_of_many_applicants(book: Registry) -> None:
    for number in range(3):
        holder = Holder(f"other-{number}", f"重庆第{number}家制造有限公司", f"ID{number}")
        book.record(holder, [replace(INVOICE, key=f"2450200000001234567{number}")])
    (crowd,) = look_up(book, A, [replace(INVOICE, key="9" * 20)]).crowds
    assert len(crowd.applicants) == 3
    assert crowd.same_amounts == 3


def test_pictures_meet_though_scaled_and_compressed(tmp_path: Path, book: Registry) -> None:
    rng = np.random.default_rng(4)
    scene = cv2.resize(rng.integers(0, 255, (12, 16, 3), np.uint8).astype(np.uint8), (640, 480))
    for name, size, quality in (("a", (640, 480), 92), ("b", (400, 300), 60)):
        cv2.imwrite(
            str(tmp_path / f"{name}.jpg"),
            cv2.resize(scene, size),
            [cv2.IMWRITE_JPEG_QUALITY, quality],
        )
    one, other = picture_hash(tmp_path / "a.jpg"), picture_hash(tmp_path / "b.jpg")
    assert (int(one, 16) ^ int(other, 16)).bit_count() <= 4
    marks = [
        [Sighting("picture", f"{i}:{h[i * 4 : i * 4 + 4]}", k, detail=h) for i in range(4)]
        for h, k in ((one, "photo-a"), (other, "photo-b"))
    ]
    book.record(B, [replace(m, page_index=i) for i, m in enumerate(marks[1])])
    assert {h.kind for h in look_up(book, A, marks[0]).hits} == {"picture"}


def test_a_picture_that_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no picture")
    assert picture_hash(tmp_path / "x.jpg") == ""
    assert picture_hash(tmp_path / "missing.jpg") == ""


LIST = "发票代码,发票号码,价税合计,开票日期,销售方,申报单位,年度,项目层级\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_earlier_years_list_comes_in(tmp_path: Path, book: Registry, encoding: str) -> None:
    rows = (
        ',24502000000012345678,"1,000.00",2023年5月6日,成都丙软件有限公司,重庆丁有限公司,2022,市级\n'
        "050002300111,12345678,500,2022-01-02,成都丙软件有限公司,重庆丁有限公司,2022,市级\n"
        ",123,5,2022-01-02,x,重庆丁有限公司,2022,市级\n"
    )
    path = tmp_path / "2022.csv"
    path.write_bytes((LIST + rows).encode(encoding))
    done = import_list(book, path, Holder("2022名单"))
    assert (done.cases, done.marks) == (1, 2)
    assert done.refused == ((4, "发票号码缺失或不是 8 位、20 位数字"),)
    (hit,) = look_up(book, A, [INVOICE]).hits
    assert (hit.holder.year, hit.holder.programme) == (2022, "municipal")
    assert hit.differs == ()


def test_a_list_without_numbers_says_what_it_needs(tmp_path: Path, book: Registry) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputUnusableError, match="发票号码"):
        import_list(book, path, Holder("x"))


def test_an_exported_list_comes_in_elsewhere(tmp_path: Path, book: Registry) -> None:
    book.record(B, [INVOICE])
    export_list(book, tmp_path / "out.csv")
    with Registry(tmp_path / "other.db") as other:
        assert import_list(other, tmp_path / "out.csv", Holder("邻区")).marks == 1
        assert look_up(other, A, [INVOICE]).hits


def test_hash_lists_meet_without_showing_invoices(tmp_path: Path, book: Registry) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("a shared key of many letters", "utf-8")
    key = read_key(key_file)
    book.record(B, [INVOICE])
    assert export_hashes(book, tmp_path / "hashes.csv", key) == 1
    assert INVOICE.key not in (tmp_path / "hashes.csv").read_text("utf-8-sig")
    with Registry(tmp_path / "other.db") as other:
        import_hashes(other, tmp_path / "hashes.csv", Holder("邻区"), key)
        (hit,) = look_up(other, A, [INVOICE], key).hits
        assert (hit.hashed, hit.holder.case) == (True, "邻区")
        assert not look_up(other, A, [INVOICE]).hits


def test_a_hash_list_under_another_key_is_refused(tmp_path: Path, book: Registry) -> None:
    book.record(B, [INVOICE])
    export_hashes(book, tmp_path / "hashes.csv", b"a shared key of many")
    with pytest.raises(InputUnusableError, match="密钥"):
        import_hashes(book, tmp_path / "hashes.csv", Holder("x"), b"another key of many!")


@pytest.mark.parametrize("text", ["", "#\n", "#,abc\n", "#,abc\nkind\n"])
def test_what_is_no_hash_list_is_refused(tmp_path: Path, book: Registry, text: str) -> None:
    (tmp_path / "hashes.csv").write_text(text, "utf-8")
    with pytest.raises(InputUnusableError, match="哈希"):
        import_hashes(book, tmp_path / "hashes.csv", Holder("x"), b"a shared key of many")


def test_a_cell_of_an_exported_list_starts_no_formula(tmp_path: Path, book: Registry) -> None:
    book.record(B, [replace(INVOICE, seller="=HYPERLINK(1)")])
    export_list(book, tmp_path / "out.csv")
    assert ",'=HYPERLINK(1)," in (tmp_path / "out.csv").read_text("utf-8-sig")
