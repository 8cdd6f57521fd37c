"""Technical log: ids, codes, sizes, timings; never text, names, amounts or file names."""

from __future__ import annotations

import logging
from pathlib import Path


def open_log(path: Path) -> logging.Logger:
    """Return the run's logger, writing to ``path`` (created 0600, appended)."""
    path.touch(mode=0o600, exist_ok=True)
    logger = logging.getLogger("audit.run")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    return logger
