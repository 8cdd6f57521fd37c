"""The PDF library, opened so that it draws Chinese on any machine and says why it cannot open.

PDFium takes fonts that a file does not embed from the machine. Most older invoices embed none,
so on a machine without Chinese fonts both picture and text would lose characters: the library
is initialised anew with the packaged fonts as its only font folder.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from audit.model import problem
from audit.readers.base import UnreadableError
from audit.readers.container import damaged

# ruff: noqa: ANN401 - pypdfium2 has no type information

_FONT_PACKAGE = "pylopdf-fonts-zh-cn"
_ERROR_FILE, _ERROR_FORMAT, _ERROR_PASSWORD, _ERROR_SECURITY = 2, 3, 4, 5
_TAIL = 2048
_kept: list[Any] = []


@cache
def font_folder() -> Path | None:
    """Return the folder of the packaged Chinese fonts, ``None`` if they are not installed."""
    try:
        files = metadata.files(_FONT_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    fonts = [Path(str(f.locate())) for f in files if f.name.endswith((".otf", ".ttf"))]
    return fonts[0].parent if fonts else None


@cache
def library() -> Any:
    """Return ``pypdfium2``, initialised with the packaged fonts before anything is opened."""
    import pypdfium2
    from pypdfium2 import _library_scope as scope
    from pypdfium2 import raw
    from pypdfium2.internal import bases

    folder = font_folder()
    if folder is None:
        return pypdfium2
    scope.destroy_lib()
    paths = (ctypes.POINTER(ctypes.c_char) * 2)()
    name = ctypes.create_string_buffer(str(folder).encode())
    paths[0] = ctypes.cast(name, ctypes.POINTER(ctypes.c_char))
    config = raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths)
    _kept.extend((paths, name, config))
    raw.FPDF_InitLibraryWithConfig(config)
    bases.LIBRARY_AVAILABLE = True
    return pypdfium2


@contextmanager
def opened(source: Path | bytes) -> Iterator[Any]:
    """Give the opened document, forms ready to be drawn.

    Raises ``UnreadableError``: E401 password, E402 unknown encryption, E301 cut off, E302.
    """
    pdfium = library()
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise UnreadableError(_refusal(source, getattr(error, "err_code", 0), error)) from error
    try:
        try:
            document.init_forms()
        except pdfium.PdfiumError as error:
            raise UnreadableError(damaged(error)) from error
        yield document
    finally:
        document.close()


def ends_well(source: Path | bytes) -> bool:
    """Tell whether the file has the end mark of a PDF; without it, it was cut off."""
    if isinstance(source, bytes):
        return b"%%EOF" in source[-_TAIL:]
    with source.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        return b"%%EOF" in file.read()


def _refusal(source: Path | bytes, code: int | None, error: Exception) -> Any:
    if code == _ERROR_PASSWORD:
        return problem("E401")
    if code == _ERROR_SECURITY:
        return problem("E402")
    if not ends_well(source):
        return problem("E301")
    return damaged(error)
