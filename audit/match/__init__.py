"""Ledger rows to invoices, payments and acceptance."""

from __future__ import annotations
