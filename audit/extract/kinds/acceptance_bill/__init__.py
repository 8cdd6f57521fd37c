"""Acceptance bills (承兑汇票): face and endorsements (DOMAIN B3).

Payer and payee are those of the last endorsement, else drawer and first payee: the extraction
knows no case. All parties are kept beside them (``drawer_name``, ``endorser_1`` …), so that a
rule can look for the applicant among them.
"""

from __future__ import annotations

from audit.extract.kinds.acceptance_bill.bill import FIELDS, PAPER
from audit.extract.papers import spec_of

KIND = spec_of(PAPER)

__all__ = ["FIELDS", "KIND"]
