"""What was written before: nothing is rendered twice, and nobody's filled-in draft is overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from audit.atomic import write_atomic
from audit.policy.schema import Policy

RECORD = ".written.json"
#: Digests of ours that are remembered, newest last.
MOST_KNOWN = 400


@dataclass
class Written:
    """The record of an output folder: digest of the last inputs, digests of all that we wrote."""

    folder: Path
    inputs: str
    known: list[str]

    @classmethod
    def read(cls, folder: Path) -> Written:
        """Return the record; an empty one where there is none or it cannot be read."""
        try:
            found = json.loads((folder / RECORD).read_text("utf-8"))
            return cls(folder, str(found["inputs"]), [str(d) for d in found["known"]])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder, "", [])

    def current(self, inputs: str, names: tuple[str, ...]) -> bool:
        """Tell whether these very inputs are written out and every file is still there."""
        return self.inputs == inputs and all((self.folder / n).is_file() for n in names)

    def place(self, name: str, data: bytes) -> None:
        """Write a file that people fill in: beside the old one if that is no longer ours.

        The digest is recorded before the file is written, so that a file of an interrupted run
        is known as ours.
        """
        path = self.folder / name
        if path.is_file() and _digest(path.read_bytes()) not in self.known:
            path = path.with_name(f"{path.stem}.new{path.suffix}")
        self._remember(_digest(data))
        write_atomic(path, data)

    def finish(self, inputs: str) -> None:
        """Record that everything of these inputs is written."""
        self.inputs = inputs
        self._save()

    def _remember(self, digest: str) -> None:
        if digest in self.known:
            self.known.remove(digest)
        self.known = [*self.known, digest][-MOST_KNOWN:]
        self._save()

    def _save(self) -> None:
        content = {"inputs": self.inputs, "known": self.known}
        write_atomic(self.folder / RECORD, json.dumps(content, indent=0).encode())


def inputs_digest(content: Mapping[str, Any], policy: Policy, lang: str, templates: Path) -> str:
    """Return what the outputs depend on, clock and log apart: case, policy, our texts, templates.

    ``content``: the case as ``case.json`` has it.
    """
    run = {k: v for k, v in content["run"].items() if k not in {"started", "seconds", "log_head"}}
    digest = hashlib.sha256()
    plain = {**content, "run": run}
    digest.update(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"))
    digest.update(repr(sorted(asdict(policy.thresholds).items())).encode())
    digest.update(repr((policy.id, policy.title, lang)).encode())
    for part in ("report", "texts"):
        for entry in _files(resources.files("audit") / part):
            digest.update(entry.read_bytes())
    for own in sorted(templates.glob("*.docx")):
        digest.update(own.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from () if entry.name == "__pycache__" else _files(entry)
        elif not entry.name.endswith(".pyc"):
            yield entry


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
