"""New knowledge about a case that has been read: judged and reported again, no page touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.errors import InputUnusableError
from audit.i18n import told
from audit.model import CaseFacts, CaseReport
from audit.pipeline.decisions import CHANGES, decisions_of, recall, remember
from audit.pipeline.known import keep_known
from audit.pipeline.run import judge, publish
from audit.policy import load_policy
from audit.store.workspace import Workspace


def facts_of(out: Path) -> CaseFacts:
    """Return the facts of the last run in ``out``; ``InputUnusableError`` if there was none."""
    if not (out / "case.db").is_file():
        raise InputUnusableError(told("stop.not_checked", folder=out))
    with Workspace(out) as space:
        return recall(space).facts


def rejudge(
    out: Path,
    change: Callable[[CaseFacts], CaseFacts],
    event: str,
    actor: str,
    data: Mapping[str, Any] | None = None,
) -> CaseReport:
    """Return the case judged anew on changed facts; outputs follow and the log says why.

    ``event``, ``data``: what came to be known, as the log names it.
    """
    with Workspace(out) as space:
        kept = recall(space)
        facts = change(kept.facts)
        policy = load_policy(kept.policy)
        changes = space.kept(CHANGES)
        space.log.append(actor, event, dict(data or {}))
        space.technical.event("rejudged", why=event)
        report = judge(facts, policy, decisions_of(space.log), kept.lang)
        info = replace(kept.info, log_head=space.log.head)
        report = replace(report, run=info, changes=kept.changes)
        remember(space, facts, kept.policy, kept.lang, info)
        keep_known(space, facts)
        if changes is not None:
            space.keep(CHANGES, changes)
        publish(space, report, policy, kept.lang)
    return report
