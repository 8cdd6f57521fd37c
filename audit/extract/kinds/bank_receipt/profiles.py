"""Banks as data: one TOML file a bank, read beside this module; a new bank needs no code.

Keys: ``bank`` (full name), ``signs`` (words only this bank prints), ``titles`` (further titles
of its receipts), ``[labels]`` (field to further printed labels), ``[patterns]`` (field to the
regular expression its value must match), ``[layout]`` with ``columns`` (which side stands
left, which right, where no heading says so) and ``own_account`` (side of labels that name none).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from audit.extract.kinds.bank_receipt.vocabulary import NUMBERS, SIDES
from audit.extract.labels import Label, fold

_KEYS = frozenset({"bank", "signs", "titles", "labels", "patterns", "layout"})
_LAYOUT_KEYS = frozenset({"columns", "own_account"})


class ProfileError(ValueError):
    """A profile has a key or value that means nothing; says which file and what."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one bank prints otherwise than the rest."""

    bank: str
    signs: tuple[str, ...]
    titles: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    own_account: str = ""

    def pattern(self, field: str) -> str:
        """Return the expression a value of ``field`` must match, empty if any will do."""
        return dict(self.patterns).get(field, "")


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Return the banks that come with the program, by file name."""
    return load_profiles(resources.files(__package__) / "profiles")


def load_profiles(folder: Traversable) -> tuple[Profile, ...]:
    """Return the profiles of every ``*.toml`` in a folder; raises ``ProfileError``."""
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_profile(f.name, f.read_text(encoding="utf-8")) for f in files)


def _profile(name: str, text: str) -> Profile:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{name}: {error}"
        raise ProfileError(message) from error
    layout = data.get("layout", {})
    unknown = (set(data) - _KEYS) | (set(layout) - _LAYOUT_KEYS)
    columns, own = tuple(layout.get("columns", ())), layout.get("own_account", "")
    if unknown:
        message = f"{name}: unknown keys {', '.join(sorted(unknown))}"
        raise ProfileError(message)
    if not data.get("bank") or not data.get("signs"):
        message = f"{name}: bank and signs are required"
        raise ProfileError(message)
    if (columns and sorted(columns) != sorted(SIDES)) or own not in ("", *SIDES):
        message = f"{name}: columns and own_account name payer and payee"
        raise ProfileError(message)
    return Profile(
        bank=data["bank"],
        signs=tuple(fold(sign)[0] for sign in data["signs"]),
        titles=tuple(data.get("titles", ())),
        labels=_labels(data.get("labels", {})),
        patterns=tuple(data.get("patterns", {}).items()),
        columns=columns,
        own_account=own,
    )


def _labels(table: Mapping[str, Iterable[str]]) -> tuple[Label, ...]:
    known = {label.field: label.pattern for label in NUMBERS}
    return tuple(Label(field, tuple(words), known.get(field, "")) for field, words in table.items())


def find_profile(text: str, profiles: Iterable[Profile]) -> Profile | None:
    """Return the bank whose signs stand first in the folded text, ``None`` for a stranger.

    The issuing bank heads its form; the other party's bank is named below it.
    """
    places = [
        (min((at for sign in p.signs if (at := text.find(sign)) >= 0), default=-1), n, p)
        for n, p in enumerate(profiles)
    ]
    hits = [place for place in places if place[0] >= 0]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None
