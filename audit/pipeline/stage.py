"""What stands for code, models and options in the key of everything cached by content."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path

from audit.model import codec
from audit.settings import Options

#: Code, and data that decides what is read (banks as TOML).
_STAGE_SUFFIXES = frozenset({".py", ".toml"})
#: Rooms whose code decides what a page task returns; their text is part of the cache key.
_STAGE_ROOMS = ("model", "text", "pixels", "readers", "recognise", "extract")
_STAGE_FILES = ("pipeline/tasks.py",)


def stage_version(options: Options) -> str:
    """Return the part of the cache key that stands for code, models and options."""
    return digest(_codedigest(), _modelsdigest(), json.dumps(codec.encode(options), sort_keys=True))


@cache
def _codedigest() -> str:
    root = Path(str(resources.files("audit")))
    digest = hashlib.sha256()
    paths = [
        p
        for room in _STAGE_ROOMS
        for p in sorted((root / room).rglob("*"))
        if p.suffix in _STAGE_SUFFIXES
    ]
    for path in [*paths, *(root / name for name in _STAGE_FILES)]:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _modelsdigest() -> str:
    from audit.recognise.models import model_digests

    return json.dumps(dict(model_digests()), sort_keys=True)


def digest(*parts: str) -> str:
    """Return the SHA-256 (hex) of the parts, one a line."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
