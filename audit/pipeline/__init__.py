"""Page tasks, case steps, resume, executors."""

from __future__ import annotations
