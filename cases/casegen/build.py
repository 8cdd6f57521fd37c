"""Writes a case: every paper as its file, and beside it the truth about every page."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cases.casegen import codes, papers, reports, scan, seals, structured, truth, typeset
from cases.casegen.faces import A4, SLIP, invoice_face, receipt_sheet
from cases.casegen.hand import Hand, draw_hand
from cases.casegen.model import Case, Company, Look, Paper, Sheet
from cases.casegen.seals import DrawnSeal, Pixels, SealSpec

_PLAIN: dict[str, Callable[[Case], list[dict[str, Any]]]] = {
    "application_form": papers.application_form,
    "commitment": lambda case: [papers.commitment(case)],
    "investment_ledger": papers.ledger,
    "construction_plan": papers.plan,
    "project_filing": reports.filing,
    "business_licence": reports.licence,
    "security_evidence": reports.security,
    "maturity_assessment": reports.maturity,
    "audit_report": reports.audit_report,
    "financial_statement": reports.statements,
    "bank_statement": reports.statement,
    "other": reports.unrelated,
    "blank": reports.blank,
}


@dataclass(frozen=True)
class Pressed:
    """A seal to be pressed, or a name to be written: place in mm, whose, which face (-1 the last)."""

    spec: SealSpec | Hand
    x: float
    y: float
    owner: str
    face: int = -1


@dataclass(frozen=True)
class Drawn:
    """The faces of one sheet with its seals."""

    faces: list[dict[str, Any]]
    pressed: list[Pressed] = field(default_factory=list)


def draw(case: Case, sheet: Sheet, rng: random.Random) -> Drawn:
    """Return the faces and seals of a sheet of a case."""
    if sheet.kind in _SPECIAL:
        return _SPECIAL[sheet.kind](case, sheet, rng)
    return Drawn(_PLAIN[sheet.kind](case), _form_seals(case, sheet))


def _receipts(case: Case, sheet: Sheet, rng: random.Random) -> Drawn:
    slips = [case.payments[k] for k in sheet.subject]
    pressed = [_own(case, s, rng.uniform(60, 150), rng.uniform(235, 260)) for s in sheet.seals]
    return Drawn([receipt_sheet(slips)], pressed)


def _bill(case: Case, sheet: Sheet, _: random.Random) -> Drawn:
    return Drawn(reports.bill(case.payments[sheet.subject[0]]))


def _contract(case: Case, sheet: Sheet, _: random.Random) -> Drawn:
    one = case.contracts[sheet.subject[0]]
    return Drawn(papers.contract(one), _both(one.party_a, one.party_b, "合同专用章", sheet.seals))


def _acceptance(case: Case, sheet: Sheet, _: random.Random) -> Drawn:
    job = case.acceptances[sheet.subject[0]]
    if job.contractor is not None:
        by_hand = sheet.option in {"signed", "pasted"}
        pressed = _both(job.owner, job.contractor, "", sheet.seals)
        if by_hand:
            times = 0 if sheet.option == "pasted" else zlib.crc32(job.key.encode())
            pressed += [
                Pressed(Hand(who.person, times), *place, "hand")
                for who, place in (
                    (job.owner, papers.HAND_LEFT),
                    (job.contractor, papers.HAND_RIGHT),
                )
            ]
        return Drawn(papers.acceptance(job, by_hand=by_hand), pressed)
    own = [_at(case.applicant, papers.SIGN_RIGHT, "applicant")]
    return Drawn(papers.acceptance(job), own if "applicant" in sheet.seals else [])


def _photo(case: Case, sheet: Sheet, _: random.Random) -> Drawn:
    return Drawn(reports.device_photo(case, int(sheet.option or 0)))


def _invoice(case: Case, sheet: Sheet, rng: random.Random) -> Drawn:
    one = case.invoices[sheet.subject[0]]
    on_paper = sheet.option in {"copy", "original", "print"}
    face = invoice_face(one, A4 if on_paper else SLIP, 10 if on_paper else 0)
    pressed = []
    if {"seller", "seller_number"} & set(sheet.seals):
        number = one.seller.tax_id
        if "seller" not in sheet.seals:  # a seal of the same name with a strange number
            number = codes.taxpayer_id(random.Random(number), number[2:8])
        die = seals.invoice_seal(one.seller.name, number)
        pressed.append(Pressed(die, 178 + rng.uniform(-8, 6), 128 + rng.uniform(-4, 4), "seller"))
    mine = {"applicant", "finance", "other", "applicant_contract"} & set(sheet.seals)
    pressed += [_own(case, n, rng.uniform(70, 140), rng.uniform(158, 190)) for n in sorted(mine)]
    return Drawn([face], pressed)


_SPECIAL: dict[str, Callable[[Case, Sheet, random.Random], Drawn]] = {
    "vat_invoice": _invoice,
    "bank_receipt": _receipts,
    "acceptance_bill": _bill,
    "contract": _contract,
    "acceptance_report": _acceptance,
    "device_photo": _photo,
}


def _own(case: Case, name: str, x: float, y: float) -> Pressed:
    who = case.applicant
    if name == "finance":
        return Pressed(seals.named_seal(who.name, "财务专用章"), x, y, "applicant")
    if name == "applicant_contract":
        return Pressed(seals.named_seal(who.name, "合同专用章"), x, y, "applicant")
    if name == "other":
        stranger = who.name[:2] + "恒朗" + who.name[5:]
        return Pressed(seals.official_seal(stranger), x, y, "other")
    return Pressed(seals.official_seal(who.name, _serial(who)), x, y, "applicant")


def _serial(who: Company) -> str:
    return who.region + f"{int(who.account[-7:]):07d}"


def _at(
    who: Company, place: tuple[float, float], owner: str, kind: str = "", face: int = -1
) -> Pressed:
    die = seals.named_seal(who.name, kind) if kind else seals.official_seal(who.name, _serial(who))
    return Pressed(die, *place, owner, face)


def _both(a: Company, b: Company, kind: str, wanted: tuple[str, ...]) -> list[Pressed]:
    sides = (("applicant", a, papers.SIGN_LEFT), ("seller", b, papers.SIGN_RIGHT))
    return [_at(who, place, owner, kind) for owner, who, place in sides if owner in wanted]


def _form_seals(case: Case, sheet: Sheet) -> list[Pressed]:
    who, out = case.applicant, []
    places = {
        "application_form": (136, 126),
        "commitment": (136, 126),
        "investment_ledger": (222, 168),
        "construction_plan": (118, 152),
        "security_evidence": papers.SIGN_RIGHT,
    }
    spot = places.get(sheet.kind)
    if sheet.kind in {"application_form", "commitment"} and "legal" in sheet.seals:
        out.append(Pressed(seals.person_seal(who.person), 128, 101, "legal"))
    if spot and ({"applicant", "finance", "other"} & set(sheet.seals)):
        every = (
            range(len(papers.ledger(case)))
            if sheet.kind == "investment_ledger"
            else [0 if sheet.kind == "construction_plan" else -1]
        )
        name = next(s for s in sheet.seals if s in {"applicant", "finance", "other"})
        one = _own(case, name, *spot)
        out += [Pressed(one.spec, one.x, one.y, one.owner, k) for k in every]
    others = {
        "project_filing": ("重庆市渝北区经济和信息化委员会", papers.SIGN_RIGHT),
        "maturity_assessment": ("重庆衡野智造评估咨询有限公司", papers.SIGN_RIGHT),
        "audit_report": ("重庆朴衡会计师事务所", papers.SIGN_LEFT),
        "business_licence": ("重庆市渝北区市场监督管理局", (205, 172)),
    }
    if sheet.kind in others and "issuer" in sheet.seals:
        name, place = others[sheet.kind]
        out.append(Pressed(seals.official_seal(name), *place, "issuer"))
    return out


def scanned(case: Case, sheet: Sheet, look: Look, seed: int) -> list[tuple[Pixels, list[Pressed]]]:
    """Return the sheet's pages as a device sees them, with the seals on each."""
    rng = random.Random(f"{case.seed}-{seed}-{sheet.kind}")
    drawn = draw(case, sheet, rng)
    out = []
    copy = sheet.option == "copy"
    for number, face in enumerate(drawn.faces):
        pages = typeset.pictures([face], look.dpi)
        for at, image in enumerate(pages):
            last = at + 1 == len(pages)
            here = [
                s for s in drawn.pressed if s.face in {number, number - len(drawn.faces)} and last
            ]
            out.append((_one_page(image, here, look, seed * 31 + number * 7 + at, copy=copy), here))
    return out


def _one_page(image: Pixels, here: list[Pressed], look: Look, seed: int, *, copy: bool) -> Pixels:
    early = [s for s in here if s.owner == "seller" and copy]
    late = [s for s in here if s not in early]
    if copy:  # the original went through a copier; the applicant's seal came afterwards
        first = scan.degrade(image, seed=seed + 1, dpi=look.dpi, mode="grey", noise=1.0, blur=0.35, jpeg=None,
                             specks=3, stamp=_stamps(early, look, seed, "fresh"))  # fmt: skip
        image = np.repeat(first[..., None], 3, axis=2)
    return scan.degrade(
        image,
        seed=seed,
        dpi=look.dpi,
        mode=look.mode,
        skew=look.skew,
        noise=look.noise,
        blur=look.blur,
        jpeg=None,
        photo=look.photo,
        rotate=look.rotate,
        shadow=look.shadow,
        ink=look.ink,
        stamp=_stamps(late, look, seed, look.seal_mode),
    )


def _stamps(
    pressed: list[Pressed], look: Look, seed: int, mode: str
) -> list[tuple[DrawnSeal, int, int]]:
    scale = look.dpi / 25.4
    pressing = seed * 5 if look.seal_picture is None else look.seal_picture
    return [
        (
            draw_hand(s.spec, look.dpi)
            if isinstance(s.spec, Hand)
            else seals.draw_seal(s.spec, dpi=look.dpi, seed=pressing + k, mode=mode),
            round(s.x * scale),
            round(s.y * scale),
        )
        for k, s in enumerate(pressed)
    ]


def _pages(case: Case, paper: Paper, seed: int, notes: list[dict[str, Any]]) -> Iterator[Pixels]:
    """Yield the pages one by one and note the truth of each in ``notes``."""
    for index, sheet in enumerate(paper.sheets):
        for image, pressed in scanned(case, sheet, paper.look, seed * 101 + index):
            notes.append(truth.page(case, sheet, paper, len(notes) + 1, pressed))
            yield image


def _signed_faces(case: Case, sheet: Sheet, rng: random.Random) -> list[dict[str, Any]]:
    """Return the faces of a born-digital paper, its seals laid over them by an e-sign platform."""
    drawn = draw(case, sheet, rng)
    for k, one in enumerate(drawn.pressed):
        if isinstance(one.spec, Hand):
            continue  # on a screen nobody writes
        drawn_seal = seals.draw_seal(one.spec, dpi=150, seed=k, mode="electronic")
        face = drawn.faces[one.face]
        face["over"] = [*face.get("over", []), typeset.seal_over(drawn_seal, one.x, one.y, 150)]
    return drawn.faces


def write_paper(case: Case, paper: Paper, out: Path, seed: int) -> list[dict[str, Any]]:
    """Write one file under ``out`` and return the truth of its pages."""
    target = out / paper.path
    target.parent.mkdir(parents=True, exist_ok=True)
    rng = random.Random(f"{case.seed}-{seed}")
    if paper.medium in {"scan", "jpg", "png"}:
        notes: list[dict[str, Any]] = []
        pages = _pages(case, paper, seed, notes)
        if paper.medium == "scan":
            scan.scanned_pdf(pages, target, dpi=paper.look.dpi, quality=paper.look.quality)
        else:
            scan.save_picture(next(pages), target, quality=paper.look.quality, dpi=paper.look.dpi)
        return notes
    first = paper.sheets[0]
    if paper.medium == "pdf":
        faces = [f for s in paper.sheets for f in _signed_faces(case, s, rng)]
        target.write_bytes(typeset.pdf(faces))
    elif paper.medium == "xml":
        target.write_bytes(structured.einvoice_xml(case.invoices[first.subject[0]]))
    elif paper.medium == "ofd":
        target.write_bytes(structured.einvoice_ofd(case.invoices[first.subject[0]]))
    elif paper.medium == "xlsx":
        target.write_bytes(structured.ledger_xlsx(case))
    elif paper.medium == "docx":
        target.write_bytes(structured.blocks_docx(_PLAIN[first.kind](case)))
    return [truth.page(case, s, paper, k + 1, []) for k, s in enumerate(paper.sheets)]


def write_case(case: Case, out: Path) -> dict[str, Any]:
    """Write the whole folder and return its truth (to be kept beside, never inside)."""
    pages = []
    for seed, paper in enumerate(case.papers):
        pages += write_paper(case, paper, out, seed)
    return {
        "case": case.name,
        "applicant": case.applicant.name,
        "rows": truth.rows(case),
        "pages": pages,
    }


def write_json(data: object, path: Path) -> None:
    """Write data as stable JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
