"""``audit registry``: what other cases, years and districts have seen."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from audit.cli.words import App
from audit.errors import InputUnusableError
from audit.i18n import listed, told

registry_app = App(no_args_is_help=True)
Place = Annotated[str, typer.Option("--registry", envvar="AUDIT_REGISTRY")]
Outs = Annotated[list[Path], typer.Argument()]
KeyFile = Annotated[Path | None, typer.Option("--key")]
DEFAULT_PLACE = "registry.db"
#: Refused lines of a list that are printed.
SHOWN = 20
KINDS = ("invoice", "receipt", "bill", "serial", "seal", "picture", "text")


def _known_programme(programme: str) -> str:
    # An unknown word would be kept and never meet the rule on double applications.
    if programme not in {"municipal", "district", "national"}:
        raise typer.BadParameter(told("call.programme"), param_hint="--programme")
    return programme


def _existing(place: str) -> str:
    """Return the place of a registry that is there; asking a new, empty one would look like an answer."""
    if "://" not in place and not Path(place).is_file():
        raise InputUnusableError(told("cli.registry.absent", place=place))
    return place


District = Annotated[str, typer.Option("--district")]
Year = Annotated[int, typer.Option("--year")]
Programme = Annotated[str, typer.Option("--programme", callback=_known_programme)]


@registry_app.command("add")
def add(
    outs: Outs,
    registry: Place = DEFAULT_PLACE,
    district: District = "",
    year: Year = 0,
    programme: Programme = "municipal",
) -> None:
    """Record finished cases."""
    from audit.model import Holder
    from audit.pipeline.crosscase import holder_of, sightings_of
    from audit.pipeline.rejudge import facts_of
    from audit.store.registry import Registry

    with Registry(registry) as book:
        for out in outs:
            facts = facts_of(out)
            base = Holder(case_id(out), district=district, year=year or None, programme=programme)
            count = book.record(holder_of(facts, base), sightings_of(facts, out / "pages"))
            typer.echo(told("cli.registry.added", case=out, count=count))


@registry_app.command("check")
def check(outs: Outs, registry: Place = DEFAULT_PLACE, key: KeyFile = None) -> None:
    """Compare finished cases with the registry; their reports follow."""
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        for out in outs:
            said = _told(consult(book, out, key))
            typer.echo(told("cli.line", name=out, what=said))


def consult(book: object, out: Path, key: Path | None = None) -> object:
    """Look a case up in an open registry, judge it again with what is found; returns the view."""
    from audit.model import Holder
    from audit.pipeline.crosscase import holder_of, look_up, sightings_of
    from audit.pipeline.registry_files import read_key
    from audit.pipeline.rejudge import facts_of, rejudge
    from audit.store.registry import Registry

    assert isinstance(book, Registry)
    facts = facts_of(out)
    holder = holder_of(facts, Holder(case_id(out)))
    secret = None if key is None else read_key(key)
    view = look_up(book, holder, sightings_of(facts, out / "pages"), secret)
    rejudge(out, lambda known: replace(known, cross=view), "registry", _actor())
    return view


def case_id(out: Path) -> str:
    """Return the name under which a case stands in the registry: its output folder's."""
    return out.resolve().name


def _actor() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "audit"


def _told(view: object) -> str:
    from audit.model import CrossView

    assert isinstance(view, CrossView)
    if view.cases == 0:
        return told("cli.registry.alone")
    if not view.hits and not view.crowds:
        return told("cli.registry.nothing", cases=view.cases)
    others = sorted({hit.holder.case for hit in view.hits})
    return told(
        "cli.registry.met",
        cases=view.cases,
        hits=len(view.hits),
        others=listed(others) or told("cli.none"),
        sellers=len(view.crowds),
    )


@registry_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument()],
    registry: Place = DEFAULT_PLACE,
    name: Annotated[str, typer.Option("--name")] = "",
    district: District = "",
    year: Year = 0,
    programme: Programme = "municipal",
    key: KeyFile = None,
) -> None:
    """Take in a list of an earlier year or another district; with a key a list of hashes."""
    from audit.model import Holder
    from audit.pipeline.registry_files import import_hashes, import_list, read_key
    from audit.store.registry import Registry

    base = Holder(name or file.stem, district=district, year=year or None, programme=programme)
    with Registry(registry) as book:
        if key is not None:
            count = import_hashes(book, file, base, read_key(key))
            typer.echo(told("cli.registry.hashes_in", file=file, count=count))
            return
        done = import_list(book, file, base)
    typer.echo(told("cli.registry.imported", file=file, cases=done.cases, marks=done.marks))
    for line, why in done.refused[:SHOWN]:
        typer.echo(told("cli.refused", line=line, why=why), err=True)
    if len(done.refused) > SHOWN:
        typer.echo(told("cli.refused.more", count=len(done.refused) - SHOWN), err=True)


@registry_app.command("export")
def export(
    target: Annotated[Path, typer.Argument()],
    registry: Place = DEFAULT_PLACE,
    key: KeyFile = None,
) -> None:
    """Write the list of invoices; with a key hashes alone."""
    from audit.pipeline.registry_files import export_hashes, export_list, read_key
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        if key is None:
            said = told("cli.registry.exported", file=target, count=export_list(book, target))
        else:
            count = export_hashes(book, target, read_key(key))
            said = told("cli.registry.hashes_out", file=target, count=count)
    typer.echo(said)


@registry_app.command("purge")
def purge(case: Annotated[str, typer.Argument()], registry: Place = DEFAULT_PLACE) -> None:
    """Remove what is known of a case."""
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        if not book.holds(case):
            raise InputUnusableError(told("cli.registry.unknown", place=registry, case=case))
        typer.echo(told("cli.registry.purged", case=case, count=book.purge(case)))


@registry_app.command("show")
def show(registry: Place = DEFAULT_PLACE) -> None:
    """Show the size of the registry, and what was done with it."""
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        typer.echo(told("cli.registry.cases", count=book.cases()))
        for kind, count in book.counts().items():
            name = told(f"cli.registry.kind.{kind}") if kind in KINDS else kind
            typer.echo(f"  {name} {count}")
        for at, event, case, marks in book.history()[-20:]:
            what = told(f"cli.registry.event.{event}")
            typer.echo(told("cli.registry.history", at=at, event=what, case=case, count=marks))
