"""Texts for people, Chinese and English: a message is a key with parameters.

Texts lie in ``audit/texts/<lang>/<room>.toml`` as flat tables ``key = "text with {param}"``;
a key is unique over all files of a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


class _Current:
    """The language in which this process speaks to whoever started it."""

    language = DEFAULT_LANGUAGE


def use(lang: str) -> None:
    """Speak ``lang`` from now on where nobody says otherwise (``told``)."""
    _Current.language = lang if lang in LANGUAGES else DEFAULT_LANGUAGE


def current() -> str:
    """Return the language of this process."""
    return _Current.language


def told(key: str, /, **params: object) -> str:
    """Return the sentence for ``key`` in the language of this process."""
    return text(key, {name: str(value) for name, value in params.items()}, current())


def listed(items: Iterable[object]) -> str:
    """Return things named one after another, as the language of this process writes that."""
    return told("list.and").join(str(one) for one in items)


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return every text of a language; raises ``ValueError`` on a key given twice."""
    texts: dict[str, str] = {}
    folder = resources.files("audit") / "texts" / lang
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        for key, value in tomllib.loads(entry.read_text("utf-8")).items():
            if key in texts:
                message = f"text key given twice: {key} ({entry.name})"
                raise ValueError(message)
            texts[key] = value
    return texts


def text(key: str, params: Mapping[str, str] | None = None, lang: str = DEFAULT_LANGUAGE) -> str:
    """Return the sentence for ``key``; Chinese where ``lang`` lacks it, the key itself at last.

    A parameter ``@other.key`` stands for the text of that key, in the same language and with the
    same parameters.
    """
    template = catalogue(lang).get(key) or catalogue(DEFAULT_LANGUAGE).get(key) or key
    plain = _Lenient(params or {})
    given = {name: _meant(value, plain, lang) for name, value in plain.items()}
    return template.format_map(_Lenient(given))


def _meant(value: str, params: _Lenient, lang: str) -> str:
    if not value.startswith("@"):
        return value
    key = value[1:]
    template = catalogue(lang).get(key) or catalogue(DEFAULT_LANGUAGE).get(key)
    return template.format_map(params) if template else value


class _Lenient(dict[str, str]):
    """A parameter that is not given shows as its name, never as an exception before a user."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
