"""What is known of a case from elsewhere: the tax platform's answers, the registry's view.

Kept beside the facts, so that reading the folder again does not forget it.
"""

from __future__ import annotations

from dataclasses import replace

from audit.model import CaseFacts, CrossView, Verification, codec
from audit.store.workspace import Workspace

VERIFICATIONS, CROSS = "verifications", "cross"


def with_known(space: Workspace, facts: CaseFacts) -> CaseFacts:
    """Return freshly read facts with what earlier commands came to know of the case."""
    cross = space.kept(CROSS)
    return replace(
        facts,
        verifications=codec.loads(tuple[Verification, ...], space.kept(VERIFICATIONS) or b"[]"),
        cross=None if cross is None else codec.loads(CrossView, cross),
    )


def keep_known(space: Workspace, facts: CaseFacts) -> None:
    """Keep the parts of the facts that do not come from the folder."""
    space.keep(VERIFICATIONS, codec.dumps(facts.verifications))
    if facts.cross is not None:
        space.keep(CROSS, codec.dumps(facts.cross))
