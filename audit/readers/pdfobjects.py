"""What is painted on a PDF page besides text: pictures, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import addressof, c_float
from dataclasses import dataclass, field
from typing import Any

# ruff: noqa: ANN401 - pypdfium2 has no type information

#: Objects looked at; a page of more is drawn like any other, only not taken apart.
_MOST_OBJECTS = 60_000
_DEEPEST = 6

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page: handle, matrix to user space, bounds there, painting order."""

    handle: Any
    matrix: Matrix
    bounds: tuple[float, float, float, float]
    order: int


@dataclass(slots=True)
class Painted:
    """What is on a page. ``orders``: painting order of text objects by address.

    ``fills``: bounds and order of filled areas and shadings. ``others``: how many paths and
    shadings there are. ``complete``: every object was looked at.
    """

    pictures: list[Picture] = field(default_factory=list)
    orders: dict[int, int] = field(default_factory=dict)
    fills: list[tuple[tuple[float, float, float, float], int]] = field(default_factory=list)
    others: int = 0
    texts: int = 0
    complete: bool = True


def painted(raw: Any, page: Any) -> Painted:
    """Return what is painted on a page, nested forms included."""
    found = Painted()
    for order, (handle, kind, matrix) in enumerate(_walk(raw, page, found)):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            found.texts += 1
            found.orders[addressof(handle.contents)] = order
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            own = multiplied(_matrix(raw, handle), matrix)
            found.pictures.append(Picture(handle, own, _unit_bounds(own), order))
        else:
            found.others += 1
            bounds = _bounds(raw, handle, matrix)
            if bounds is not None:
                found.fills.append((bounds, order))
    return found


def _walk(raw: Any, page: Any, found: Painted) -> Iterator[tuple[Any, int, Matrix]]:
    pending: list[tuple[Any, Any, int, Matrix, int]] = [
        (raw.FPDFPage_GetObject, page, raw.FPDFPage_CountObjects(page), _IDENTITY, 0)
    ]
    places = [0]
    seen = 0
    while pending:
        get, parent, count, matrix, depth = pending[-1]
        index = places[-1]
        if index >= count:
            pending.pop()
            places.pop()
            continue
        places[-1] += 1
        seen += 1
        if seen > _MOST_OBJECTS:
            found.complete = False
            return
        handle = get(parent, index)
        if not handle:
            continue
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            if depth >= _DEEPEST:
                found.complete = False
                continue
            inner = multiplied(_matrix(raw, handle), matrix)
            amount = raw.FPDFFormObj_CountObjects(handle)
            pending.append((raw.FPDFFormObj_GetObject, handle, amount, inner, depth + 1))
            places.append(0)
        else:
            yield handle, kind, matrix


def _matrix(raw: Any, handle: Any) -> Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that applies ``one`` and then ``other``."""
    a, b, c, d, e, f = one
    k, m, n, p, q, r = other
    return (
        a * k + b * n, a * m + b * p,
        c * k + d * n, c * m + d * p,
        e * k + f * n + q, e * m + f * p + r,
    )  # fmt: skip


def _applied(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _unit_bounds(matrix: Matrix) -> tuple[float, float, float, float]:
    return _around([_applied(matrix, x, y) for x in (0, 1) for y in (0, 1)])


def _bounds(raw: Any, handle: Any, matrix: Matrix) -> tuple[float, float, float, float] | None:
    left, bottom, right, top = (c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return None
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    return _around([_applied(matrix, x, y) for x, y in corners])


def _around(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
