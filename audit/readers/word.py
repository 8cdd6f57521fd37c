"""DOCX: paragraphs and tables in reading order, laid out as they would be printed.

The file does not say where a line stands on paper. Pages are told by the breaks it stores;
places are those of a plain setting, one row a paragraph, so that order and columns hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.i18n import text
from audit.model import Box, Cell, Page, PageContent, PageMode, Problem, Table, TextLine, problem
from audit.readers import media
from audit.readers.base import FileFormat, FileSurvey, PageRead, UnreadableError, content_hash
from audit.readers.container import Container
from audit.readers.wordtext import Block, Oddities, WordReader
from audit.readers.xlsx import relations
from audit.readers.xmlsafe import attribute, child, children
from audit.settings import Limits

_A4 = (210.0, 297.0)
#: A page of the plain setting: rows, and characters across.
_ROWS, _EM = 40, 1 / 44
_LEFT, _RIGHT = 0.06, 0.94
_EXTERNAL = frozenset({"image", "oleObject", "frame", "subDocument", "attachedTemplate", "video"})


@dataclass(frozen=True, slots=True)
class _Story:
    """The whole document: pages of blocks, what was odd."""

    pages: tuple[tuple[Block, ...], ...]
    problems: tuple[Problem, ...]


def survey_word(path: Path, name: str, limits: Limits) -> FileSurvey:
    """Return how many pages the stored breaks tell, and pictures; see ``audit.readers.survey``."""
    _ = name
    with Container(path, limits) as container:
        story = _story(container, limits)
        pages = len(story.pages) + len(media.picture_parts(container))
        problems = (*story.problems, *media.unread_media(container))
    if pages == 0:
        return FileSurvey(FileFormat.DOCX, 0, (*problems, problem("E303")))
    if pages > limits.pages:
        problems = (*problems, problem("E507", pages=pages, limit=limits.pages))
    return FileSurvey(FileFormat.DOCX, min(pages, limits.pages), problems)


def read_word(
    path: Path, survey: FileSurvey, page_indexes: Sequence[int], limits: Limits
) -> Iterator[PageRead]:
    """Yield the pages asked: text first, then the pictures."""
    _ = survey
    sha256 = content_hash(path)
    with Container(path, limits) as container:
        pages = _story(container, limits).pages
        for index in page_indexes:
            if index < len(pages):
                yield _page(pages[index], sha256, index)
            else:
                yield from media.picture_pages(container, sha256, len(pages), [index], limits)


def _story(container: Container, limits: Limits) -> _Story:
    main = _main_part(container)
    reader = WordReader()
    root = container.xml(main)
    body = child(root, "body")
    blocks: list[Block] = []
    size = 0
    problems: list[Problem] = list(container.ambiguities())
    for block in reader.blocks(body if body is not None else root):
        size += len(block.text) + sum(len(line) for c in block.cells for line in c.lines)
        if size > limits.text_bytes // 3:
            limit = f"{limits.text_bytes / 1e6:.0f} MB"
            problems.append(problem("E508", size="DOCX", limit=limit))
            break
        blocks.append(block)
    around = _surroundings(container, main, reader)
    problems += _oddities(reader.odd, container, main)
    return _Story(_split(blocks, around, limits), tuple(problems))


def _main_part(container: Container) -> str:
    for kind, part in relations(container, "").values():
        if kind == "officeDocument" and part in container:
            return part
    found = [n for n in container.names if n.casefold().endswith("word/document.xml")]
    if not found:
        raise UnreadableError(problem("E302", reason="word/document.xml"))
    return found[0]


def _surroundings(container: Container, main: str, reader: WordReader) -> dict[str, list[Block]]:
    """Return header and footer text, each different one once, and footnotes."""
    found: dict[str, list[Block]] = {"header": [], "footer": [], "footnotes": []}
    for kind, part in sorted(relations(container, main).values()):
        if kind in found and part in container:
            root = container.xml(part)
            inner = [root] if kind != "footnotes" else children(root, "footnote")
            for element in inner:
                found[kind] += [b for b in reader.blocks(element) if b.text or b.cells]
    for kind, blocks in found.items():
        found[kind] = list(dict.fromkeys(blocks))
    return found


def _oddities(odd: Oddities, container: Container, main: str) -> Iterator[Problem]:
    folded = [name.casefold() for name in container.names]
    if odd.active or any(name.endswith("vbaproject.bin") for name in folded):
        yield problem("W605")
    if odd.tracked:
        yield problem("W606", what=text("readers.tracked"))
    if odd.hidden:
        yield problem("W606", what=text("readers.hidden_words"))
    embedded = [n.rpartition("/")[2] for n in container.names if "/embeddings/" in n]
    if embedded:
        told = text("readers.attachments", {"names": "、".join(sorted(embedded)[:5])})
        yield problem("W606", what=told)
    if _external(container, main):
        yield problem("E604")
    if odd.deep:
        yield problem("E508", size="DOCX", limit="40")


def _external(container: Container, main: str) -> bool:
    folder, _, name = main.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in container:
        return False
    return any(
        attribute(one, "TargetMode") == "External"
        and attribute(one, "Type").rpartition("/")[2] in _EXTERNAL
        and not attribute(one, "Target").lower().startswith(("file:///", "normal.dot"))
        for one in children(container.xml(rels))
    )


def _split(
    blocks: Sequence[Block], around: dict[str, list[Block]], limits: Limits
) -> tuple[tuple[Block, ...], ...]:
    pages: list[list[Block]] = [[]]
    for block in blocks:
        if block.new_page and pages[-1] and len(pages) < limits.pages:
            pages.append([])
        if block.text or block.cells:
            pages[-1].append(block)
    kept = [page for page in pages if page]
    if not kept:
        loose = [b for part in around.values() for b in part]
        return (tuple(loose),) if loose else ()
    kept[-1] += around["footnotes"]
    return tuple((*around["header"], *page, *around["footer"]) for page in kept)


def _page(blocks: Sequence[Block], sha256: str, index: int) -> PageRead:
    total = max(_ROWS, sum(_height(block) for block in blocks))
    lines: list[TextLine] = []
    tables: list[Table] = []
    row = 0
    for block in blocks:
        if block.cells:
            table = _table(block, row, total, f"表 {len(tables) + 1}")
            tables.append(table)
            lines += _cell_lines(table, total)
        else:
            right = min(_RIGHT, _LEFT + _EM * len(block.text))
            box = Box(_LEFT, row / total, right, (row + 0.75) / total)
            lines.append(TextLine(block.text, box))
        row += _height(block)
    page = Page(sha256, index, PageMode.DIGITAL, size_mm=_A4)
    return PageRead(PageContent(page, tuple(lines), tuple(tables)))


def _height(block: Block) -> int:
    return 1 if not block.cells else sum(_row_heights(block))


def _row_heights(block: Block) -> list[int]:
    heights = [1] * (max(cell.row + cell.row_span for cell in block.cells))
    for cell in block.cells:
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], len(cell.lines))
    return heights


def _table(block: Block, top: int, total: int, name: str) -> Table:
    edges = _column_edges(block)
    heights = _row_heights(block)
    tops = [top + sum(heights[:row]) for row in range(len(heights) + 1)]
    cells = []
    for cell in block.cells:
        last = min(cell.column + cell.column_span, len(edges) - 1)
        box = Box(
            edges[min(cell.column, len(edges) - 1)],
            tops[cell.row] / total,
            edges[last],
            tops[min(cell.row + cell.row_span, len(heights))] / total,
        )
        cells.append(
            Cell(
                cell.row, cell.column, "\n".join(cell.lines),
                row_span=cell.row_span, column_span=cell.column_span, box=box,
            )
        )  # fmt: skip
    return Table(name, tuple(cells))


def _column_edges(block: Block) -> list[float]:
    count = max(cell.column + cell.column_span for cell in block.cells)
    widths = [*block.widths[:count], *[0.0] * (count - len(block.widths))]
    usual = (sum(widths) / max(1, sum(w > 0 for w in widths))) or 1.0
    widths = [w or usual for w in widths]
    scale = (_RIGHT - _LEFT) / sum(widths)
    edges = [_LEFT]
    for width in widths:
        edges.append(edges[-1] + width * scale)
    return edges


def _cell_lines(table: Table, total: int) -> Iterator[TextLine]:
    step = 1.0 / total
    for cell in table.cells:
        assert cell.box is not None
        for place, line in enumerate(cell.text.splitlines()):
            top = cell.box.top + place * step
            left = cell.box.left + 0.004
            right = max(left + 0.002, min(cell.box.right - 0.004, left + _EM * len(line)))
            if line.strip():
                yield TextLine(line, Box(left, top, right, top + 0.75 * step))
