"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from audit.errors import OutputUnusableError, system_words
from audit.i18n import told

#: Names of files that are not whole yet.
PART_PREFIX = ".tmp-"


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` so that a reader sees the old file or the whole new one.

    Raises ``OutputUnusableError`` when the disk is full or the folder not writable.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=PART_PREFIX, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise output_error(path, error) from error


def output_error(path: Path, error: OSError) -> OutputUnusableError:
    """Return the error to raise when ``path`` could not be written."""
    return OutputUnusableError(told("stop.unwritable", path=path, why=system_words(error)))
