"""What a run leaves in its workspace for later: facts, settings, changes since the last round."""

from __future__ import annotations

import json
from dataclasses import dataclass

from audit.errors import InputUnusableError
from audit.i18n import told
from audit.model import CaseFacts, RoundChange, RunInfo, codec, stable_key
from audit.store.workspace import Workspace

FACTS, RUN, CHANGES = "facts", "run", "changes"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last run of a workspace left: facts, and by which policy and in which language."""

    facts: CaseFacts
    policy: str
    lang: str
    info: RunInfo
    stamp: str
    """Changes when another run changes the facts."""
    changes: tuple[RoundChange, ...] = ()


def remember(space: Workspace, facts: CaseFacts, policy: str, lang: str, info: RunInfo) -> None:
    """Keep the facts and settings of a run for later decisions."""
    data = codec.dumps(facts)
    settings = {"policy": policy, "lang": lang, "info": codec.encode(info)}
    if space.kept(FACTS) != data:
        space.keep(FACTS, data)
        space.keep(CHANGES, b"[]")
    space.keep(RUN, json.dumps(settings, ensure_ascii=False, sort_keys=True).encode())


def recall(space: Workspace) -> Kept:
    """Return what the last run kept; ``InputUnusableError`` if there was none."""
    facts, run = space.kept(FACTS), space.kept(RUN)
    if facts is None or run is None:
        raise InputUnusableError(told("stop.no_results", folder=space.folder))
    settings = json.loads(run)
    return Kept(
        facts=codec.loads(CaseFacts, facts),
        policy=str(settings["policy"]),
        lang=str(settings["lang"]),
        info=codec.decode(RunInfo, settings["info"]),
        stamp=stamp_of(space),
        changes=_changes(space),
    )


def changes_of(space: Workspace, facts: CaseFacts) -> tuple[RoundChange, ...]:
    """Return what a recheck of these very facts found different from the round before."""
    found = _changes(space)
    return found if found and space.kept(FACTS) == codec.dumps(facts) else ()


def _changes(space: Workspace) -> tuple[RoundChange, ...]:
    return codec.loads(tuple[RoundChange, ...], space.kept(CHANGES) or b"[]")


def stamp_of(space: Workspace) -> str:
    """Return what is another after another run or recheck."""
    return stable_key(*(space.kept(name) for name in (RUN, CHANGES)))
