"""Bytes of unknown encoding to text: UTF-8, UTF-16, GB18030, and what was guessed."""

from __future__ import annotations

from audit.model import Problem, problem

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_REPLACEMENT = "\ufffd"
_GUESS_BYTES = 200_000


def decoded(data: bytes, declared: str = "") -> tuple[str, tuple[Problem, ...]]:
    """Return the text; W703 where the encoding is a guess, W704 where characters are lost.

    ``declared``: an encoding that the file itself names; taken if it fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _told(data[len(mark) :].decode(encoding, "replace"), ())
    for encoding in filter(None, (_known(declared), "utf-8")):
        try:
            return data.decode(encoding), ()
        except UnicodeDecodeError:
            continue
    return _guessed(data)


def _known(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    if name in {"gb2312", "gbk", "gb18030", "x-gbk", "cp936"}:
        return "gb18030"
    return name if name in {"utf-8", "utf8", "big5", "utf-16"} else ""


def _guessed(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    try:
        return data.decode("gb18030"), (problem("W703", encoding="GB18030"),)
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESS_BYTES]).best()
    encoding = "gb18030" if best is None else best.encoding
    # A damaged Chinese file is likelier than a rare code page.
    broken = data.decode("gb18030", "replace")
    if broken.count(_REPLACEMENT) <= len(broken) // 50:
        encoding = "gb18030"
    text = data.decode(encoding, "replace")
    return _told(text, (problem("W703", encoding=encoding.upper()),))


def _told(text: str, problems: tuple[Problem, ...]) -> tuple[str, tuple[Problem, ...]]:
    return text, (*problems, problem("W704")) if _REPLACEMENT in text else problems
