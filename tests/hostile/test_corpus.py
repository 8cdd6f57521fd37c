"""Every bad file is named with a code that fits, in a guarded worker; none is our own bug."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.corpus import Bad, corpus
from tests.hostile.probe import accepted, throw

#: Built large on purpose, or stopped only by a limit of time or memory.
_HEAVY = frozenset(
    {"operators.pdf", "recursive-form.pdf", "recursive-mutual.pdf", "bomb.pdf", "tiles.pdf",
     "toobig.xml", "bomb.xlsx", "rows.xlsx", "big.csv", "paragraphs.docx", "ratio.zip",
     "deeptree.pdf", "saves.pdf", "text.xlsx", "entries.zip", "bomb.png", "pages510.tif"}
)  # fmt: skip


def _wrong(files: list[Bad], folder: Path) -> list[str]:
    told = throw(files, folder)
    return [
        f"{f.name}: {sorted(told[f.name].codes)}" for f in files if not accepted(f, told[f.name])
    ]


@pytest.mark.filterwarnings("ignore")
def test_a_sample_of_bad_files_is_named(tmp_path: Path) -> None:
    files = [f for f in corpus() if f.name not in _HEAVY][::8]

    assert len(files) > 40
    assert _wrong(files, tmp_path) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_bad_file_is_named(tmp_path: Path) -> None:
    files = list(corpus())

    assert len(files) >= 200
    assert len({f.name for f in files}) == len(files)
    assert _wrong(files, tmp_path) == []
