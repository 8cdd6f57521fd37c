"""Keys that survive renumbering: hashes of content and position."""

from __future__ import annotations

import hashlib


def stable_key(*parts: object) -> str:
    """Return 16 hex digits of the SHA-256 over the parts, joined without ambiguity."""
    digest = hashlib.sha256()
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]
