"""What people and machines read: html, xlsx, docx, json."""

from __future__ import annotations
