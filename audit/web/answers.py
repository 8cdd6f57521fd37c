"""Answers from the site brought back: notes on rows, and groups that a signed tick may close.

A tick closes a whole group only where no money hangs on it; an amount is moved by a person at
the review page alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.decide import standing
from audit.errors import InputUnusableError, system_words
from audit.i18n import told
from audit.model import CaseReport, Group
from audit.pipeline.decisions import Session
from audit.report.onsite import closable
from audit.report.onsite_page import ORIGINALS, OUTCOMES, STATES, pack_id
from audit.report.parts import Words

MOST_BYTES = 5 * 1024 * 1024
ONSITE = "onsite"
_STATES = frozenset(s for states in STATES.values() for s in states)
_ITEM_TEXTS = ("place", "mark", "count", "photos", "differs")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: notes written, groups closed, what was there already, what had no target."""

    notes: int
    closed: int
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Word:
    """One decision to write."""

    action: str
    target: str
    value: str
    reason: str


def merge_answers(session: Session, file: Path) -> Merged:
    """Write the answers of a pack as decisions; again merged, nothing is written twice.

    Raises ``InputUnusableError`` if the file is not the answers of this very case.
    """
    answers = _read(file)
    report = session.report()
    if answers.get("pack") != pack_id(report):
        raise InputUnusableError(told("stop.other_answers", file=file))
    actor = _text(answers.get("inspectors"))
    if not actor:
        raise InputUnusableError(told("stop.answers_unsigned", file=file))
    words = Words("zh")
    before = {(d.action, d.target, d.value, d.reason) for d in standing(session.decisions())}
    notes = closed = known = unknown = 0
    for word in _words_of(answers, report, words):
        if not _present(report, word.target):
            unknown += 1
        elif (word.action, word.target, word.value, word.reason) in before:
            known += 1
        else:
            field = ONSITE if word.action == "note" else ""
            session.decide(word.action, word.target, field, word.value, word.reason, actor)
            notes += word.action == "note"
            closed += word.action == "dismiss_group"
    return Merged(notes, closed, known, unknown)


def _read(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise InputUnusableError(told("stop.answers_big", file=file))
        answers = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InputUnusableError(
            told("stop.unreadable", file=file, why=system_words(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputUnusableError(told("stop.no_answers", file=file)) from error
    if not isinstance(answers, dict) or answers.get("schema") != 1:
        raise InputUnusableError(told("stop.no_answers", file=file))
    return answers


def _words_of(answers: Mapping[str, Any], report: CaseReport, words: Words) -> list[_Word]:
    when = _text(answers.get("visited_on"))
    signed = answers.get("signed") is True
    groups = {g.key: g for g in report.groups}
    found = []
    for key, entry in _entries(answers, "items"):
        reason = _item_words(entry, words)
        if reason:
            state = _text(entry.get("state"))
            found.append(
                _Word("note", key, state if state in _STATES else "", _line(when, reason, words))
            )
    for key, entry in _entries(answers, "questions"):
        found += _question(key, entry, groups.get(key), (when, signed), words)
    return found


def _question(
    key: str,
    entry: Mapping[str, Any],
    group: Group | None,
    visit: tuple[str, bool],
    words: Words,
) -> list[_Word]:
    when, signed = visit
    outcome, seen = _text(entry.get("outcome")), _text(entry.get("seen"))
    if outcome not in OUTCOMES:
        outcome = ""
    said = [words.t(f"onsite.outcome.{outcome}")] if outcome else []
    reason = "；".join([*said, *([seen] if seen else [])])
    if not reason:
        return []
    line = _line(when, reason, words)
    found = [_Word("note", key, outcome, line)]
    if outcome == "cleared" and signed and group is not None and closable(group):
        found.append(_Word("dismiss_group", key, "", line))
    return found


def _item_words(entry: Mapping[str, Any], words: Words) -> str:
    """Return what was seen of one item, in one sentence."""
    state = _text(entry.get("state"))
    parts = [words.t(f"onsite.state.{state}")] if state in _STATES else []
    seen = [
        words.t(f"onsite.original.{o}") for o in ORIGINALS if entry.get(f"original_{o}") is True
    ]
    if seen:
        parts.append(words.t("onsite.originals") + "：" + "、".join(seen))
    labels = {
        "place": "where",
        "mark": "mark",
        "count": "count",
        "photos": "photos",
        "differs": "differs",
    }
    parts += [
        f"{words.t(f'onsite.{labels[name]}')}：{text}"
        for name in _ITEM_TEXTS
        if (text := _text(entry.get(name)))
    ]
    return "；".join(parts)


def _entries(answers: Mapping[str, Any], part: str) -> list[tuple[str, Mapping[str, Any]]]:
    entries = answers.get(part)
    if not isinstance(entries, dict):
        return []
    return [(str(k), v) for k, v in entries.items() if isinstance(v, dict)]


def _text(value: object) -> str:
    return value.strip()[:3000] if isinstance(value, str) else ""


def _line(when: str, what: str, words: Words) -> str:
    return words.t("onsite.line", date=when, what=what).strip()


def _present(report: CaseReport, target: str) -> bool:
    facts = report.facts
    keys = {r.key for r in facts.rows} | {g.key for g in report.groups}
    return target in keys
