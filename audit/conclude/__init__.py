"""What it all comes to: groups by cause, waterfall, eligibility, checklist."""

from __future__ import annotations

from audit.conclude.judgement import conclude
from audit.conclude.result import Result
from audit.conclude.ruling import statement

__all__ = ["Result", "conclude", "statement"]
