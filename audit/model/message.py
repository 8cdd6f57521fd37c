"""A sentence for a person, as a key with parameters; the words are in ``audit/texts``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A text key and its parameters, already formatted as strings.

    ``audit.i18n.text(message.key, dict(message.params), lang)`` makes the sentence.
    """

    key: str
    params: tuple[tuple[str, str], ...] = ()


def say(key: str, /, **params: object) -> Message:
    """Return the message ``key`` with its parameters turned into strings."""
    return Message(key, tuple((name, str(value)) for name, value in sorted(params.items())))
