"""The registry: every invoice, voucher, bill, serial, seal and picture seen, by case.

One table. A SQLite file on this machine, or PostgreSQL by URL where several people share it
(never SQLite on a network share). Lists of other districts come as keyed hashes (HMAC): equal
marks meet without anyone showing their invoices.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from audit.errors import IntegrityError, OutputUnusableError
from audit.i18n import told
from audit.model import Holder, Sighting

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

#: Marks looked up in one statement.
_CHUNK = 400
#: Hashes shown per kind and key: 128 bits of HMAC-SHA-256.
_HASH_DIGITS = 32
PLAIN, HASHED = "plain", "hmac"


class Registry:
    """An open registry; use as a context manager.

    Raises ``OutputUnusableError`` if it cannot be opened or written, ``IntegrityError`` if what
    lies there is no registry.
    """

    def __init__(self, place: str | Path) -> None:
        """Open or make the registry: a path of a SQLite file, or a ``postgresql://`` URL."""
        self.engine = _engine(str(place))
        try:
            _tables()["metadata"].create_all(self.engine)
        except Exception as error:
            self.engine.dispose()
            raise _opened_badly(str(place), error) from error

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self.engine.dispose()

    def record(self, holder: Holder, sightings: Iterable[Sighting]) -> int:
        """Write a case's marks, replacing what it had; returns how many. One transaction."""
        sighting = _tables()["sighting"]
        rows = [_row(holder, one, PLAIN) for one in sightings]
        unique = list({(r["kind"], r["mark"], r["file"], r["page"]): r for r in rows}.values())
        with self._writing() as db:
            self._forget(db, holder.case)
            db.execute(_tables()["holder"].insert(), [{"case_id": holder.case}])
            if unique:
                db.execute(sighting.insert(), unique)
            self._note(db, "record", holder.case, len(unique))
        return len(unique)

    def add_hashes(self, holder: Holder, key_id: str, hashes: Iterable[tuple[str, str]]) -> int:
        """Write another office's keyed hashes (kind, hash) under ``holder``; returns how many."""
        sighting = _tables()["sighting"]
        rows = []
        for kind, mark in dict.fromkeys(hashes):
            one = Sighting(kind, mark, "", detail=key_id)
            rows.append(_row(holder, one, HASHED))
        with self._writing() as db:
            self._forget(db, holder.case)
            db.execute(_tables()["holder"].insert(), [{"case_id": holder.case}])
            if rows:
                db.execute(sighting.insert(), rows)
            self._note(db, "import-hashes", holder.case, len(rows))
        return len(rows)

    def seen(
        self, marks: Sequence[tuple[str, str]], besides: str
    ) -> dict[tuple[str, str], list[tuple[Holder, Sighting]]]:
        """Return where else marks (kind, key) were seen, other than in the case ``besides``."""
        sighting = _tables()["sighting"]
        found: dict[tuple[str, str], list[tuple[Holder, Sighting]]] = defaultdict(list)
        by_kind: dict[str, list[str]] = defaultdict(list)
        for kind, key in dict.fromkeys(marks):
            by_kind[kind].append(key)
        with self.engine.connect() as db:
            for kind, keys in by_kind.items():
                for start in range(0, len(keys), _CHUNK):
                    query = (
                        sighting.select()
                        .where(sighting.c["kind"] == kind)
                        .where(sighting.c["mark"].in_(keys[start : start + _CHUNK]))
                        .where(sighting.c["case_id"] != besides)
                        .order_by(sighting.c["case_id"], sighting.c["file"], sighting.c["page"])
                    )
                    for row in db.execute(query).mappings():
                        found[kind, str(row["mark"])].append(_read(row))
        return dict(found)

    def same_amounts(
        self, pairs: Sequence[tuple[str, Decimal]], besides: str
    ) -> dict[str, list[tuple[Holder, Sighting]]]:
        """Return the invoices of other cases with the seller and amount of one of the pairs.

        Sellers are normalised names, amounts 元 with tax. A seller of everybody is no burden:
        only equal amounts are read.
        """
        from sqlalchemy import tuple_

        sighting = _tables()["sighting"]
        found: dict[str, list[tuple[Holder, Sighting]]] = defaultdict(list)
        wanted = sorted({(seller, str(amount)) for seller, amount in pairs if seller})
        place = tuple_(sighting.c["seller"], sighting.c["amount"])
        with self.engine.connect() as db:
            for start in range(0, len(wanted), _CHUNK):
                query = (
                    sighting.select()
                    .where(place.in_(wanted[start : start + _CHUNK]))
                    .where(sighting.c["kind"] == "invoice")
                    .where(sighting.c["case_id"] != besides)
                    .order_by(sighting.c["case_id"], sighting.c["mark"])
                )
                for row in db.execute(query).mappings():
                    found[str(row["seller"])].append(_read(row))
        return dict(found)

    def everything(self, kinds: Sequence[str] = ()) -> Iterator[tuple[Holder, Sighting]]:
        """Yield every plain mark, by case."""
        sighting = _tables()["sighting"]
        query = sighting.select().where(sighting.c["scheme"] == PLAIN)
        if kinds:
            query = query.where(sighting.c["kind"].in_(kinds))
        with self.engine.connect() as db:
            order = (sighting.c["case_id"], sighting.c["kind"], sighting.c["mark"])
            for row in db.execute(query.order_by(*order)).mappings():
                yield _read(row)

    def cases(self, besides: str = "") -> int:
        """Return how many cases the registry holds."""
        from sqlalchemy import func, select

        case_id = _tables()["holder"].c["case_id"]
        with self.engine.connect() as db:
            query = select(func.count()).where(case_id != besides)
            return int(db.execute(query).scalar_one())

    def counts(self) -> dict[str, int]:
        """Return how many marks of each kind there are."""
        from sqlalchemy import func, select

        kind = _tables()["sighting"].c["kind"]
        with self.engine.connect() as db:
            rows = db.execute(select(kind, func.count()).group_by(kind).order_by(kind)).all()
        return {str(k): int(n) for k, n in rows}

    def holds(self, case: str) -> bool:
        """Tell whether anything of a case is registered."""
        from sqlalchemy import select

        case_id = _tables()["holder"].c["case_id"]
        query = select(case_id).where(case_id == case)
        with self.engine.connect() as db:
            return db.execute(query).first() is not None

    def purge(self, case: str) -> int:
        """Remove a case's marks; a line that it was done stays. Returns how many went."""
        with self._writing() as db:
            gone = self._forget(db, case)
            self._note(db, "purge", case, gone)
        return gone

    def history(self) -> list[tuple[str, str, str, int]]:
        """Return what was done: (when, what, case, marks), oldest first."""
        line = _tables()["line"]
        with self.engine.connect() as db:
            rows = db.execute(line.select().order_by(line.c["id"])).mappings().all()
        return [(str(r["at"]), str(r["event"]), str(r["case_id"]), int(r["marks"])) for r in rows]

    @staticmethod
    def _forget(db: Connection, case: str) -> int:
        """Remove a case's marks; returns how many."""
        sighting, holder = _tables()["sighting"], _tables()["holder"]
        db.execute(holder.delete().where(holder.c["case_id"] == case))
        return int(db.execute(sighting.delete().where(sighting.c["case_id"] == case)).rowcount)

    def _writing(self) -> Any:  # noqa: ANN401 - a context manager of sqlalchemy's
        return self.engine.begin()

    def _note(self, db: Connection, event: str, case: str, marks: int) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"at": at, "event": event, "case_id": case, "marks": marks}
        db.execute(_tables()["line"].insert(), [line])


def keyed_hash(key: bytes, kind: str, mark: str) -> str:
    """Return the HMAC of a mark under the key that districts share."""
    text = f"{kind}\x1f{mark}".encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:_HASH_DIGITS]


def _engine(place: str) -> Engine:
    from sqlalchemy import create_engine, event

    if place.startswith(("postgresql://", "postgres://")):
        url = "postgresql+pg8000://" + place.split("://", 1)[1]
        return create_engine(url, pool_pre_ping=True)
    path = Path(place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _opened_badly(place, error) from error
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3's own
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _opened_badly(place: str, error: Exception) -> OutputUnusableError | IntegrityError:
    shown = place.rsplit("@", maxsplit=1)[-1]
    if "not a database" in str(error) or "malformed" in str(error):
        return IntegrityError(told("stop.registry_damaged", place=shown))
    return OutputUnusableError(told("stop.registry", place=shown, error=type(error).__name__))


_TABLES: dict[str, Any] = {}


def _tables() -> dict[str, Any]:
    """Return the tables; made once, when first needed (sqlalchemy is slow to import)."""
    if not _TABLES:
        from sqlalchemy import Column, Index, Integer, MetaData, String, Table

        metadata = MetaData()
        texts = ("scheme", "applicant", "applicant_id", "district", "programme", "document_key")
        sighting: Table = Table(
            "sighting",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("kind", String(16), nullable=False),
            Column("mark", String(200), nullable=False),
            Column("case_id", String(200), nullable=False),
            *(Column(name, String(200), nullable=False) for name in texts),
            Column("year", Integer),
            Column("file", String(1000), nullable=False),
            Column("page", Integer, nullable=False),
            Column("amount", String(40)),
            Column("day", String(10)),
            Column("buyer", String(200), nullable=False),
            Column("seller", String(200), nullable=False),
            Column("detail", String(200), nullable=False),
            Index("sighting_mark", "kind", "mark"),
            Index("sighting_case", "case_id"),
            Index("sighting_seller", "seller", "amount"),
        )
        holder: Table = Table("holder", metadata, Column("case_id", String(200), primary_key=True))
        line: Table = Table(
            "line",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("at", String(32), nullable=False),
            Column("event", String(32), nullable=False),
            Column("case_id", String(200), nullable=False),
            Column("marks", Integer, nullable=False),
        )
        _TABLES.update(metadata=metadata, sighting=sighting, holder=holder, line=line)
    return _TABLES


def _row(holder: Holder, one: Sighting, scheme: str) -> dict[str, object]:
    return {
        "kind": one.kind,
        "mark": one.key[:200],
        "case_id": holder.case,
        "scheme": scheme,
        "applicant": holder.applicant,
        "applicant_id": holder.applicant_id,
        "district": holder.district,
        "programme": holder.programme,
        "document_key": one.document_key,
        "year": holder.year,
        "file": one.file[:1000],
        "page": one.page_index,
        "amount": None if one.amount is None else str(one.amount),
        "day": None if one.day is None else one.day.isoformat(),
        "buyer": one.buyer,
        "seller": one.seller,
        "detail": one.detail[:200],
    }


def _read(row: Any) -> tuple[Holder, Sighting]:  # noqa: ANN401 - a mapping of sqlalchemy's
    holder = Holder(
        case=str(row["case_id"]),
        applicant=str(row["applicant"]),
        applicant_id=str(row["applicant_id"]),
        district=str(row["district"]),
        year=None if row["year"] is None else int(row["year"]),
        programme=str(row["programme"]),
    )
    sighting = Sighting(
        kind=str(row["kind"]),
        key=str(row["mark"]),
        document_key=str(row["document_key"]),
        file=str(row["file"]),
        page_index=int(row["page"]),
        amount=None if row["amount"] is None else Decimal(str(row["amount"])),
        day=None if row["day"] is None else date.fromisoformat(str(row["day"])),
        buyer=str(row["buyer"]),
        seller=str(row["seller"]),
        detail=str(row["detail"]),
    )
    return holder, sighting
