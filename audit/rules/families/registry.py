"""What one folder cannot answer: every rule says what it would need, and is never a guess."""

from __future__ import annotations

from audit.model import say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import NotExecuted, Results


@rule("N14", "review_opinion_unsealed", "流程(二)", "C", assertion="completeness", scope="case")
def review_opinion_unsealed(_: Case) -> Results:
    """The district's opinion on authenticity is signed and sealed.

    What it finds: a signed opinion, scanned back, without the district's seal.
    Why it matters: the notice asks for the sealed scan.
    Evidence it uses: the district's own paper, which comes after this check.
    Undecided when: the scan is not legible. Before it exists it is not executed.
    Example: the opinion was uploaded as a draft.
    """
    yield NotExecuted(say("rules.N14.needs"))


RULES = (review_opinion_unsealed,)
