"""Bytes to pages: what a file says by itself, before anything is recognised."""

from __future__ import annotations
