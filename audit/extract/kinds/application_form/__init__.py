"""The application form of the notice (annex 1, 申报表)."""

from __future__ import annotations

from audit.extract.kinds.application_form.extract import FIELDS, classify, extract_form
from audit.extract.registry import KindSpec
from audit.model import DocumentKind

__all__ = ["FIELDS", "KIND"]

KIND = KindSpec(
    kind=DocumentKind.APPLICATION_FORM,
    fields=FIELDS,
    classify=classify,
    extract=extract_form,
)
