"""DER, as far as signatures need it: nested values with their place in the bytes; nothing decoded."""

from __future__ import annotations

from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, OBJECT, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
_LONG, _CONSTRUCTED, _MANY_TAGS = 0x80, 0x20, 0x1F
#: Values of one structure, bytes of a length, and bytes of an identifier, beyond which nothing
#: honest is written.
_MOST_VALUES, _MOST_LENGTH_BYTES, _MOST_OID_BYTES = 10_000, 4, 64


class DerError(ValueError):
    """The bytes are no DER."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag, and where it begins, its content begins, and it ends."""

    data: bytes
    tag: int
    start: int
    body: int
    end: int

    @property
    def content(self) -> bytes:
        """The bytes of the content."""
        return self.data[self.body : self.end]

    @property
    def whole(self) -> bytes:
        """The bytes with tag and length, as they were signed."""
        return self.data[self.start : self.end]

    def children(self) -> tuple[Value, ...]:
        """Return the values inside; raises ``DerError`` if this is none that holds others."""
        if not self.tag & _CONSTRUCTED:
            raise DerError("not constructed")
        found, place = [], self.body
        while place < self.end:
            one = read(self.data, place, self.end)
            found.append(one)
            place = one.end
            if len(found) > _MOST_VALUES:
                raise DerError("too many values")
        return tuple(found)

    def bits(self) -> bytes:
        """Return the bytes of a bit string (or octet string, as some write instead)."""
        if self.tag == OCTET_STRING:
            return self.content
        if self.tag != BIT_STRING or self.content[:1] != b"\x00":
            raise DerError("no bit string of whole bytes")
        return self.content[1:]

    def number(self) -> int:
        """Return an integer."""
        if self.tag != INTEGER or not self.content:
            raise DerError("no integer")
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> str:
        """Return an object identifier in dots."""
        if self.tag != OBJECT or not 0 < self.end - self.body <= _MOST_OID_BYTES:
            raise DerError("no object identifier")
        if self.data[self.end - 1] & _LONG:
            raise DerError("an object identifier without its end")
        arcs, value = [], 0
        for byte in self.content:
            value = value << 7 | byte & 0x7F
            if not byte & _LONG:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def read(data: bytes, start: int = 0, end: int | None = None) -> Value:
    """Return the value that begins at ``start``; raises ``DerError`` if it does not fit."""
    limit = len(data) if end is None else end
    if start + 2 > limit or data[start] & _MANY_TAGS == _MANY_TAGS:
        raise DerError("no value")
    length, body = data[start + 1], start + 2
    if length & _LONG:
        count = length & ~_LONG
        if not 0 < count <= _MOST_LENGTH_BYTES or body + count > limit:
            raise DerError("no length")
        length = int.from_bytes(data[body : body + count], "big")
        body += count
    if body + length > limit:
        raise DerError("longer than its holder")
    return Value(data, data[start], start, body, body + length)
