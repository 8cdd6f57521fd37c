"""Impressions that may be one picture used twice: shortlisted by descriptor, compared by ink.

The case's part of freshness: one page alone cannot show that a seal was pasted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from audit.model import Impression, ImpressionPair

if TYPE_CHECKING:
    from audit.recognise.seals.reuse import Spectra

#: Descriptors (unit length) of one die agree at least so well.
SHORTLIST = 0.9
#: Likeness of ink from which two impressions are taken for one picture. Measured: one picture
#: scanned twice 0.43-0.69, one die stamped twice at most 0.21 (benchmarks.seals.seals).
SAME_PICTURE = 0.45


def find_pairs(impressions: Mapping[str, Impression]) -> tuple[ImpressionPair, ...]:
    """Return the pairs of keys whose ink is the same, the likest first; score 0-1.

    Only pictures of paper are compared: on digital pages identical seals are the rule. The
    printed 监制章 is exempt.
    """
    seen = [
        (key, one)
        for key, one in impressions.items()
        if one.mark == "seal" and one.texture and one.descriptor
    ]
    close = _shortlist([one.descriptor for _, one in seen])
    if not close:
        return ()
    from audit.recognise.seals.reuse import SAME_SHAPE, likeness

    spectra = _spectra([one.texture for _, one in seen], {i for pair in close for i in pair})
    found = []
    for first, second in close:
        if first not in spectra or second not in spectra:
            continue
        shape, ink = likeness(spectra[first], spectra[second])
        if shape >= SAME_SHAPE and ink >= SAME_PICTURE:
            found.append(ImpressionPair(seen[first][0], seen[second][0], round(ink, 3)))
    return tuple(sorted(found, key=lambda p: (-p.score, p.first_key, p.second_key)))


def _shortlist(descriptors: Sequence[tuple[float, ...]]) -> list[tuple[int, int]]:
    if len(descriptors) < 2:  # noqa: PLR2004 - a pair
        return []
    import numpy as np

    table = np.asarray(descriptors, np.float32)
    alike = table @ table.T
    rows, columns = np.nonzero(np.triu(alike >= SHORTLIST, k=1))
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _spectra(textures: Sequence[str], wanted: set[int]) -> dict[int, Spectra]:
    from audit.recognise.seals.reuse import spectra_of, unpack

    found = {}
    for index in sorted(wanted):
        texture = unpack(textures[index])
        if texture is not None:
            found[index] = spectra_of(texture)
    return found
