"""The on-site pack: one HTML file for a tablet; answers go into a JSON file, photos by name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from audit.model import CaseReport, stable_key
from audit.report.html import asset, environment, inline, script_hash
from audit.report.onsite import OnsiteItem, onsite_items, questions
from audit.report.parts import Crop, Words, place
from audit.report.pictures import EmbeddedPictures, Picture

FACE = 520
#: What can be said of a thing and of a program; the first of each is the good one.
STATES = {
    "equipment": ("in_use", "idle", "not_installed", "not_seen"),
    "software": ("logged_in", "has_data", "not_in_use", "not_seen"),
    "service": ("delivered", "not_delivered", "not_seen"),
}
ORIGINALS = ("invoice", "contract", "receipt")
OUTCOMES = ("cleared", "still_open")


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item with the invoice's picture to compare with."""

    item: OnsiteItem
    pictures: tuple[tuple[Picture, str], ...]


def pack_id(report: CaseReport) -> str:
    """Return what ties answers to their pack: the case's rows and files."""
    facts = report.facts
    return stable_key("onsite", *(r.key for r in facts.rows), *(f.sha256 for f in facts.files))


def render_onsite(report: CaseReport, crop: Crop, lang: str) -> str:
    """Return the page; it works from a file, without network or installation."""
    words = Words(lang)
    pictures = EmbeddedPictures(crop)
    style = asset("report.css") + asset("onsite.css")
    script = asset("onsite.js")
    open_questions = questions(report, words)
    cards = _cards(report, words, pictures)
    about = {
        "pack": pack_id(report),
        "case": report.facts.name,
        "applicant": report.facts.applicant.name,
        "keys": [asdict(c.item)["key"] for c in cards],
        "words": {k: words.t(f"onsite.js.{k}") for k in ("saved", "wrong", "loaded", "names")},
    }
    return str(
        environment(words)
        .get_template("onsite.html.j2")
        .render(
            lang=lang,
            live=False,
            applicant=report.facts.applicant,
            name=report.facts.name,
            cards=cards,
            questions=open_questions,
            states=STATES,
            originals=ORIGINALS,
            outcomes=OUTCOMES,
            invoices=sum(len(c.item.invoices) for c in cards),
            style=inline(style),
            script=inline(script),
            style_hash=script_hash(style),
            script_hash=script_hash(script),
            island=inline(json.dumps(pictures.island)),
            about=about,
        )
    )


def _cards(report: CaseReport, words: Words, pictures: EmbeddedPictures) -> tuple[ItemCard, ...]:
    documents = {d.id: d for d in report.facts.documents}
    links = {link.row: link for link in report.links}
    cards = []
    for item in onsite_items(report, words):
        link = links.get(item.row)
        shots = []
        for document in (documents[i] for i in (link.invoices if link else ()) if i in documents):
            first = document.page_indexes[0] if document.page_indexes else 0
            picture = pictures.later(document.file, first, document.region, FACE)
            if picture is not None:
                shots.append((picture, place(words, document.file, first)))
        cards.append(ItemCard(item, tuple(shots)))
    return tuple(cards)
