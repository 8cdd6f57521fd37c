"""The pages themselves: legible, whole, and without traces of later changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from audit.model import CasePage, Evidence, PageMode, Verdict, say
from audit.rules.case import PICTURES, Case
from audit.rules.catalogue import rule
from audit.rules.result import PASSED, Result, Results
from audit.rules.support import LEAST_DPI

#: The whole score that recognisers give a cue they would show to a person.
CUE = 0.5
#: Marks that say nothing about a change.
NEUTRAL = frozenset({"blank_page"})
CHANGED = frozenset({"W607"})


@rule("I18", "page_unreadable", "四(一)", "C", assertion="completeness", scope="document")
def page_unreadable(case: Case) -> Results:
    """Every page could be read well enough to judge on it.

    What it finds: pages that could not be read, file by file; weak scans (below 150 dpi, faint) as
        a cue.
    Why it matters: what nobody can read proves nothing; a better scan closes the question.
    Evidence it uses: problems and resolution of every page. Blank pages and photos are no fault.
    Undecided when: always; a bad scan accuses nobody.
    Example: pages 3 to 9 of 发票.pdf are scanned at 96 dpi.
    """
    bad: dict[tuple[str, str], list[CasePage]] = defaultdict(list)
    for page in case.facts.pages:
        fault = _fault(page)
        if fault:
            bad[page.file, fault].append(page)
        else:
            yield PASSED
    for (file, fault), pages in bad.items():
        numbers = "、".join(str(p.page.page_index + 1) for p in pages[:12])
        yield Result(
            Verdict.UNDECIDED,
            say(f"rules.I18.{fault}", file=file, pages=numbers, count=len(pages)),
            files=(file,),
            found=numbers,
            evidence=tuple(Evidence(file, p.page.page_index) for p in pages[:12]),
            severity="C" if fault == "bad" else "D",
            cause="" if fault == "bad" else "page_poor",
            request=say("rules.ask.scan_again", files=file),
            part="" if fault == "bad" else fault,
        )


def _fault(page: CasePage) -> str:
    """Return ``bad`` for a page that could not be read, ``poor`` for a weak scan, else nothing."""
    if page.kind in PICTURES:
        return ""
    codes = [p.code for p in page.problems]
    if any(c.startswith("E") for c in codes):
        return "bad"
    scanned = page.page.mode is not PageMode.DIGITAL
    coarse = scanned and page.page.dpi is not None and page.page.dpi < LEAST_DPI
    return "poor" if coarse or "W701" in codes else ""


@rule("R13", "picture_changed", "四(一)", "D", assertion="existence", scope="document")
def picture_changed(case: Case) -> Results:
    """No file or picture shows traces of a later change.

    What it finds: files appended to after they were made, and places that the recogniser marked.
    Why it matters: an edited amount leaves traces in the file or in the picture.
    Evidence it uses: problems of the file, cues on the pages. Compression ghosts and copied
        patches are not measured.
    Undecided when: always; scanners and signatures also append. A cue only.
    Example: 发票07.pdf was changed after it was made.
    """
    hits = 0
    for file in case.facts.files:
        changed = [p for p in file.problems if p.code in CHANGED]
        if changed:
            hits += 1
            yield Result(
                Verdict.UNDECIDED,
                say("rules.R13.file", file=file.file),
                files=(file.file,),
                found=changed[0].code,
                request=None,
                refuted_by=say("rules.refuted.e_original"),
                part="file",
            )
    for page in case.facts.pages:
        found = list(_cues(page))
        hits += len(found)
        yield from found
    if not hits:
        yield PASSED


def _cues(page: CasePage) -> Iterator[Result]:
    for cue in page.cues:
        if cue.score >= CUE and cue.name not in NEUTRAL:
            yield Result(
                Verdict.UNDECIDED,
                say("rules.R13.cue", file=page.file, page=page.page.page_index + 1, name=cue.name),
                documents=page.document_ids[:1],
                files=() if page.document_ids else (page.file,),
                evidence=(Evidence(page.file, page.page.page_index, cue.box),),
                part=f"{cue.name} {page.page.page_index}",
            )


RULES = (page_unreadable, picture_changed)
