"""Workbooks into which nothing of a case can smuggle a formula or a link."""

from __future__ import annotations

import io
from typing import Any


def new_book(data: io.BytesIO) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    """Return an xlsxwriter workbook on ``data`` that writes text as text; close it to fill ``data``."""
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(data, options)
