"""The registry on SQLite and on PostgreSQL: the same tests on both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import IntegrityError
from audit.model import Holder, Sighting
from audit.store.registry import Registry, keyed_hash
from tests.store.registry_places import postgres_programs, postgres_server

OURS = Holder("case-a", "重庆甲机械有限公司", "9150010000000000XA", "渝北", 2024, "municipal")
THEIRS = Holder("case-b", "重庆乙机械有限公司", "9150010000000000XB", "巴南", 2024, "municipal")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    programs = postgres_programs()
    if programs is None:
        pytest.fail("no PostgreSQL server is installed; install Debian's package postgresql")
    with postgres_server(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    place = tmp_path / "registry.db"
    if request.param == "postgres":
        with Registry(request.getfixturevalue("server")) as book:
            for case in ("case-a", "case-b", "hashes"):
                book.purge(case)
            yield book
        return
    with Registry(place) as book:
        yield book


def invoice(number: str, amount: str = "1000.00", seller: str = "成都丙软件有限公司") -> Sighting:
    return Sighting(
        "invoice", number, f"k{number}", "发票/1.pdf", 0, Decimal(amount), date(2023, 5, 6),
        "重庆甲机械有限公司", seller,
    )  # fmt: skip


def test_what_is_recorded_is_seen_from_another_case(registry: Registry) -> None:
    registry.record(OURS, [invoice("24502000000012345678"), invoice("24502000000012345679")])
    seen = registry.seen([("invoice", "24502000000012345678")], "case-b")
    assert seen == {("invoice", "24502000000012345678"): [(OURS, invoice("24502000000012345678"))]}


def test_a_case_does_not_meet_itself(registry: Registry) -> None:
    registry.record(OURS, [invoice("1")])
    assert registry.seen([("invoice", "1")], "case-a") == {}


def test_recording_again_replaces(registry: Registry) -> None:
    registry.record(OURS, [invoice("1"), invoice("2")])
    registry.record(OURS, [invoice("2")])
    assert registry.seen([("invoice", "1"), ("invoice", "2")], "").keys() == {("invoice", "2")}


def test_the_same_mark_twice_in_one_place_is_one(registry: Registry) -> None:
    assert registry.record(OURS, [invoice("1"), invoice("1")]) == 1


def test_kinds_are_apart(registry: Registry) -> None:
    registry.record(OURS, [Sighting("receipt", "77", "k")])
    assert registry.seen([("invoice", "77")], "") == {}


def test_equal_amounts_of_a_seller_in_other_cases(registry: Registry) -> None:
    registry.record(OURS, [invoice("1"), invoice("2", "77.00"), invoice("3", seller="另一家")])
    pairs = [("成都丙软件有限公司", Decimal("1000.00")), ("", Decimal(1))]
    found = registry.same_amounts(pairs, "case-b")
    assert {s: [x.key for _, x in rows] for s, rows in found.items()} == {
        "成都丙软件有限公司": ["1"]
    }


def test_purge_removes_content_and_keeps_a_line(registry: Registry) -> None:
    registry.record(OURS, [invoice("1")])
    registry.record(THEIRS, [invoice("9")])
    assert registry.purge("case-a") == 1
    assert registry.seen([("invoice", "1")], "") == {}
    assert registry.cases() == 1
    assert registry.history()[-1][1:] == ("purge", "case-a", 1)


def test_hashes_meet_only_under_the_same_key(registry: Registry) -> None:
    key, other = b"a shared key of 16", b"another key of 16b"
    registry.add_hashes(Holder("hashes"), "id", [("invoice", keyed_hash(key, "invoice", "1"))])
    assert registry.seen([("invoice", keyed_hash(key, "invoice", "1"))], "")
    assert not registry.seen([("invoice", keyed_hash(other, "invoice", "1"))], "")
    assert list(registry.everything()) == []


def test_many_marks_are_looked_up_at_once(registry: Registry) -> None:
    registry.record(OURS, [invoice(f"{i:020}") for i in range(1200)])
    seen = registry.seen([("invoice", f"{i:020}") for i in range(1200)], "case-b")
    assert len(seen) == 1200
    assert registry.counts()["invoice"] >= 1200


def test_counts_by_kind(registry: Registry) -> None:
    registry.record(OURS, [invoice("1"), Sighting("bill", "5" * 30, "k")])
    assert registry.counts() == {"bill": 1, "invoice": 1}


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    place = tmp_path / "registry.db"
    place.write_bytes(b"this is not a database" * 100)
    with pytest.raises(IntegrityError, match="登记库"):
        Registry(place)
