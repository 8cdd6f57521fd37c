"""The raster type, channels, crops, turning."""

from __future__ import annotations
