"""Pictures of pages in memory: the raster, crops, turning, JPEG."""

from __future__ import annotations
