"""``audit registry``: what other cases, years and districts have seen."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from audit.cli.words import App
from audit.errors import InputUnusableError

registry_app = App(
    no_args_is_help=True, help="跨案卷登记库：发票、回单、票据、序列号、印章、照片、验收文本。"
)
Place = Annotated[
    str,
    typer.Option("--registry", help="登记库文件，或 postgresql:// 地址", envvar="AUDIT_REGISTRY"),
]
Outs = Annotated[list[Path], typer.Argument(help="audit check 的输出文件夹（可给多个）")]
KeyFile = Annotated[Path | None, typer.Option("--key", help="各区县共用的密钥文件")]
DEFAULT_PLACE = "registry.db"
EVENTS = {"record": "登记", "import-hashes": "导入哈希", "purge": "删除"}


def _known_programme(programme: str) -> str:
    # An unknown word would be kept and never meet the rule on double applications.
    if programme not in {"municipal", "district", "national"}:
        raise typer.BadParameter(
            "只能是 municipal（市级）、district（区县）或 national（国家）",
            param_hint="--programme",
        )
    return programme


def _existing(place: str) -> str:
    """Return the place of a registry that is there; asking a new, empty one would look like an answer."""
    if "://" not in place and not Path(place).is_file():
        raise InputUnusableError(
            f"找不到登记库 {place}。请用 --registry 指明位置，或先用 audit batch、audit registry add 建立。"
        )
    return place


Programme = Annotated[
    str,
    typer.Option(
        "--programme",
        help="municipal 市级、district 区县、national 国家",
        callback=_known_programme,
    ),
]


@registry_app.command("add")
def add(
    outs: Outs,
    registry: Place = DEFAULT_PLACE,
    district: Annotated[str, typer.Option("--district", help="区县")] = "",
    year: Annotated[int, typer.Option("--year", help="申报年度")] = 0,
    programme: Programme = "municipal",
) -> None:
    """把已核验案卷的发票、回单等登记入库。"""
    from audit.model import Holder
    from audit.pipeline.crosscase import holder_of, sightings_of
    from audit.pipeline.rejudge import facts_of
    from audit.store.registry import Registry

    with Registry(registry) as book:
        for out in outs:
            facts = facts_of(out)
            base = Holder(case_id(out), district=district, year=year or None, programme=programme)
            count = book.record(holder_of(facts, base), sightings_of(facts, out / "pages"))
            typer.echo(f"{out}：登记 {count} 条")


@registry_app.command("check")
def check(outs: Outs, registry: Place = DEFAULT_PLACE, key: KeyFile = None) -> None:
    """与登记库比对：同一发票、回单、票据、序列号、印章、照片和雷同的验收文本；报告随之更新。"""
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        for out in outs:
            typer.echo(f"{out}：{_told(consult(book, out, key))}")


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
        return "登记库中没有其他案卷，无从比对"
    if not view.hits and not view.crowds:
        return f"与其他 {view.cases} 个案卷无重合"
    others = sorted({hit.holder.case for hit in view.hits})
    return f"与其他 {view.cases} 个案卷比对：{len(view.hits)} 处重合，涉及 {'、'.join(others) or '无'}；共同销售方 {len(view.crowds)} 家"


@registry_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="以前年度的发票清单（XLSX、CSV），或哈希清单")],
    registry: Place = DEFAULT_PLACE,
    name: Annotated[str, typer.Option("--name", help="来源名称，如“2023年市级”")] = "",
    district: Annotated[str, typer.Option("--district", help="区县")] = "",
    year: Annotated[int, typer.Option("--year", help="申报年度")] = 0,
    programme: Programme = "municipal",
    key: KeyFile = None,
) -> None:
    """导入以前年度或其他区县的清单；给出 --key 时按哈希清单导入。"""
    from audit.model import Holder
    from audit.pipeline.registry_files import import_hashes, import_list, read_key
    from audit.store.registry import Registry

    base = Holder(name or file.stem, district=district, year=year or None, programme=programme)
    with Registry(registry) as book:
        if key is not None:
            count = import_hashes(book, file, base, read_key(key))
            typer.echo(f"{file}：导入 {count} 个哈希")
            return
        done = import_list(book, file, base)
    typer.echo(f"{file}：导入 {done.cases} 个项目、{done.marks} 张发票")
    for line, why in done.refused[:20]:
        typer.echo(f"  第 {line} 行未导入：{why}", err=True)
    if len(done.refused) > 20:  # noqa: PLR2004 - lines shown
        typer.echo(f"  另有 {len(done.refused) - 20} 行未导入", err=True)


@registry_app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="写入的 CSV 文件")],
    registry: Place = DEFAULT_PLACE,
    key: KeyFile = None,
) -> None:
    """导出发票清单；给出 --key 时只导出哈希，可交给其他区县比对。"""
    from audit.pipeline.registry_files import export_hashes, export_list, read_key
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        if key is None:
            typer.echo(f"{target}：导出 {export_list(book, target)} 张发票")
        else:
            typer.echo(f"{target}：导出 {export_hashes(book, target, read_key(key))} 个哈希")


@registry_app.command("purge")
def purge(
    case: Annotated[str, typer.Argument(help="案卷名称")], registry: Place = DEFAULT_PLACE
) -> None:
    """删除一个案卷的全部登记内容；只保留“已删除”的记录。"""
    from audit.store.registry import Registry

    with Registry(_existing(registry)) as book:
        if not book.holds(case):
            raise InputUnusableError(
                f"登记库 {registry} 中没有案卷“{case}”。案卷名称是其输出文件夹的名称，请核对。"
            )
        typer.echo(f"{case}：已删除 {book.purge(case)} 条")


@registry_app.command("show")
def show(registry: Place = DEFAULT_PLACE) -> None:
    """显示登记库的规模与操作记录。"""
    from audit.store.registry import Registry

    names = {"invoice": "发票", "receipt": "回单", "bill": "票据", "serial": "序列号", "seal": "印章编码",
             "picture": "照片特征", "text": "验收文本特征"}  # fmt: skip
    with Registry(_existing(registry)) as book:
        typer.echo(f"案卷 {book.cases()} 个")
        for kind, count in book.counts().items():
            typer.echo(f"  {names.get(kind, kind)} {count}")
        for at, event, case, marks in book.history()[-20:]:
            typer.echo(f"{at}  {EVENTS.get(event, event)}  {case}  {marks} 条")
