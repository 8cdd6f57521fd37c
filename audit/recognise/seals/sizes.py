"""How large a seal is on a page, in pixels."""

from __future__ import annotations

from audit.recognise.seals.ink import Pixels

#: Half of the mean diameter in mm where the dpi is known; as a share of the page width where not.
_RADIUS_MM, _RADIUS_SHARE = (8.5, 34.0), (0.04, 0.18)
#: A small square picture is a crop of a seal: there the ring may fill it.
_CROP_SIDE, _CROP_ASPECT = 720, 1.35
_MM_PER_INCH = 25.4
_PLAUSIBLE_DPI, _PLAUSIBLE_MM = (90, 650), (120, 460)


def radius_limits(pixels: Pixels, dpi: int | None) -> tuple[float, float]:
    """Return the least and greatest radius in pixels of the page."""
    height, width = pixels.shape[:2]
    longer, shorter = max(height, width), min(height, width)
    if longer <= _CROP_SIDE and longer <= _CROP_ASPECT * shorter:
        return 0.1 * width, 0.52 * width
    if dpi is not None and _PLAUSIBLE_DPI[0] <= dpi <= _PLAUSIBLE_DPI[1]:
        per_mm = dpi / _MM_PER_INCH
        if _PLAUSIBLE_MM[0] <= width / per_mm <= _PLAUSIBLE_MM[1]:
            return _RADIUS_MM[0] * per_mm, _RADIUS_MM[1] * per_mm
    return _RADIUS_SHARE[0] * width, _RADIUS_SHARE[1] * width
