"""A policy: what a notice demands, as frozen data. Money in 元, shares as fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: Keys of the six investment categories, and of what is none of them.
CATEGORY_KEYS = (
    "equipment",
    "software",
    "network",
    "integration",
    "cloud",
    "technical_service",
    "ineligible",
    "unknown",
)
SHARE_READINGS = ("narrow", "middle", "wide")
TAX_BASES = ("incl", "excl")
SEVERITIES = ("A", "B", "C", "D")
#: What becomes of something that the notice is silent about: shown only, asked about, deducted.
TREATMENTS = ("cue", "ask", "deduct")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the notice: its number as cited, e.g. ``一(三)``, and its quoted text.

    Rules name clauses by the key in ``Policy.clauses``; ``number`` is how this notice counts.
    """

    number: str
    quote: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Figures and dates that rules compare with."""

    period_start: date
    max_months: int
    minimum_total: Decimal
    software_share: Decimal
    maturity_level: int
    maturity_since: date
    submission_deadline: date
    review_deadline: date
    closing_balance_share: Decimal
    """质保金 up to this share of an invoice may be unpaid."""


@dataclass(frozen=True, slots=True)
class Category:
    """One investment category and the words that point to it.

    ``ledger_words``: as companies write the category or use in a ledger; ``short_names``: the
    ``*…*`` names on invoices; ``item_words``: after the second ``*``; ``code_prefixes``: of the
    19-digit tax classification code. ``share_readings``: counts as software in which readings.
    """

    key: str
    label: str
    ledger_words: tuple[str, ...]
    short_names: tuple[str, ...]
    item_words: tuple[str, ...]
    code_prefixes: tuple[str, ...]
    share_readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A paper the notice demands: any one of ``kinds`` satisfies it.

    ``words``: for a paper without a kind of its own; a page that carries one of them is it.
    """

    item: str
    clause: str
    kinds: tuple[str, ...]
    needs_applicant_seal: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """A policy's word on one rule: another severity, or off (with the reason)."""

    severity: str = ""
    off_because: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """Where the notice is silent and cities differ. Treatments: ``cue``, ``ask``, ``deduct``.

    ``region_code``: first two digits of the administrative division; ``region_words``: of an
    address there. ``purchase_limits``: sums (元) below which a purchase needs no tender.
    """

    region_code: str = "50"
    region_words: tuple[str, ...] = ("重庆",)
    invoice_after_period: str = "cue"
    second_hand: str = "cue"
    office_equipment: str = "cue"
    purchase_limits: tuple[Decimal, ...] = ()
    security_words: tuple[str, ...] = ()
    second_hand_words: tuple[str, ...] = ()
    office_words: tuple[str, ...] = ()
    hardware_words: tuple[str, ...] = ()


DEFAULT_PRACTICE = Practice()


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a notice fixes.

    ``deciding_share``: which reading of the software share decides. ``tax_bases``: the bases
    that must agree for a verdict (``incl``, ``excl``, or both).
    """

    id: str
    title: str
    number: str
    clauses: Mapping[str, Clause]
    thresholds: Thresholds
    categories: tuple[Category, ...]
    required: tuple[RequiredDocument, ...]
    deciding_share: str
    tax_bases: tuple[str, ...]
    rules: Mapping[str, RuleSetting]
    practice: Practice = DEFAULT_PRACTICE

    def clause(self, number: str) -> Clause:
        """Return the clause; one that the policy lacks comes back without a quote."""
        return self.clauses.get(number, Clause(number, ""))

    def label(self, category: str) -> str:
        """Return the printed name of a category, its key if the policy has none."""
        return next((c.label for c in self.categories if c.key == category), category)
