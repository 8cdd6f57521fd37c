"""What one folder cannot answer: every rule says what it would need, and is never a guess."""

from __future__ import annotations

from audit.model import say
from audit.rules.case import Case
from audit.rules.catalogue import rule
from audit.rules.result import NotExecuted, Results


@rule("N10", "already_funded", "一(五)", "A", assertion="eligibility", scope="case")
def already_funded(_: Case) -> Results:
    """The project is in no municipal pilot and has no municipal money yet.

    What it finds: project, company or invoices that an imported list of earlier years holds.
    Why it matters: such projects may not apply again; the exclusion is municipal and per project.
    Evidence it uses: the registry across cases; one folder holds nothing of it.
    Undecided when: the names are only alike. Without the registry it is not executed.
    Example: the same invoice in another municipal project of 2023.
    """
    yield NotExecuted(say("rules.N10.needs"))


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


@rule("R02", "invoice_in_other_case", "一(五)", "A", assertion="existence", scope="case")
def invoice_in_other_case(_: Case) -> Results:
    """No invoice is used in another application.

    What it finds: the same invoice in another municipal project (A/B) or another programme (D).
    Why it matters: the same money would be funded twice.
    Evidence it uses: the registry of invoices across cases, exchanged as keyed hashes.
    Undecided when: it is a district or national programme. Without the registry not executed.
    Example: invoice 24502000000012345678 in two folders of one batch.
    """
    yield NotExecuted(say("rules.R02.needs"))


@rule("R15", "signature_reused", "四(一)", "D", assertion="existence", scope="case")
def signature_reused(_: Case) -> Results:
    """No signature is the same picture pasted twice.

    What it finds: signatures whose strokes are the same picture.
    Why it matters: nobody signs twice alike.
    Evidence it uses: pictures of signatures, which are not singled out yet.
    Undecided when: always; a cue. Without pictures of signatures it is not executed.
    Example: one signature on three acceptance reports.
    """
    yield NotExecuted(say("rules.R15.needs"))


@rule("R16", "device_in_other_case", "四(一)", "D", assertion="existence", scope="case")
def device_in_other_case(_: Case) -> Results:
    """No device stands in two applications.

    What it finds: the same serial number, name plate or photo in another case.
    Why it matters: one machine cannot be bought twice.
    Evidence it uses: the registry of serial numbers and photos across cases.
    Undecided when: always; a cue. Without the registry it is not executed.
    Example: the same photo of a name plate in two folders.
    """
    yield NotExecuted(say("rules.R16.needs"))


@rule("R17", "acceptance_text_reused", "四(二)1", "D", assertion="existence", scope="case")
def acceptance_text_reused(_: Case) -> Results:
    """Acceptance reports of different applicants are not one text.

    What it finds: long identical passages in reports of other cases.
    Why it matters: service vendors hand out templates; the acceptance may not have taken place.
    Evidence it uses: the registry of texts across cases.
    Undecided when: always; a cue. Without the registry it is not executed.
    Example: five applicants with the same test results.
    """
    yield NotExecuted(say("rules.R17.needs"))


@rule("R18", "seller_in_batch", "四(一)", "D", assertion="existence", scope="case")
def seller_in_batch(_: Case) -> Results:
    """No seller serves many applicants of a batch at identical amounts.

    What it finds: one seller with the same sums in many cases.
    Why it matters: a pattern of arranged applications; sellers with fixed prices are none.
    Evidence it uses: all cases of a batch.
    Undecided when: always; a cue. Within one case it is not executed.
    Example: 498,000.00 to nine applicants.
    """
    yield NotExecuted(say("rules.R18.needs"))


RULES = (already_funded, review_opinion_unsealed, invoice_in_other_case,
         signature_reused, device_in_other_case, acceptance_text_reused, seller_in_batch)  # fmt: skip
