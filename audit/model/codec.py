"""Facts to JSON and back, exactly: Decimal, date, enums, tuples and frozen dataclasses.

Used where facts cross a process boundary or rest in the cache. ``decode`` checks the shape
and raises ``ValueError`` on anything that does not fit: what crosses is not trusted.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

# ruff: noqa: ANN401 - JSON values and the types they become are Any by nature

T = TypeVar("T")
_TAGS: dict[str, Callable[[str], object]] = {"$dec": Decimal, "$date": date.fromisoformat}


def dumps(fact: object) -> bytes:
    """Return the fact as UTF-8 JSON with sorted keys."""
    text = json.dumps(encode(fact), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def loads(kind: type[T], data: bytes) -> T:
    """Return the fact of ``kind`` from ``dumps`` bytes; ``ValueError`` if it does not fit."""
    return decode(kind, json.loads(data.decode("utf-8", "surrogatepass")))


def encode(fact: object) -> Any:
    """Return the fact as JSON values; defaults of dataclass fields are left out."""
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        return _encode_dataclass(fact)
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, Decimal | date):
        return {"$dec": str(fact)} if isinstance(fact, Decimal) else {"$date": fact.isoformat()}
    if isinstance(fact, tuple | list):
        return [encode(v) for v in fact]
    if isinstance(fact, Mapping):
        return {str(k): encode(v) for k, v in fact.items()}
    if fact is None or isinstance(fact, str | int | float | bool):
        return fact
    message = f"cannot encode {type(fact).__name__}"
    raise TypeError(message)


def _encode_dataclass(fact: Any) -> dict[str, Any]:
    out = {}
    for spec in dataclasses.fields(fact):
        value = getattr(fact, spec.name)
        if spec.default is not dataclasses.MISSING and value == spec.default:
            continue
        if spec.default_factory is not dataclasses.MISSING and not value:
            continue
        out[spec.name] = encode(value)
    return out


def decode(kind: type[T], data: Any) -> T:
    """Return ``data`` as ``kind``; raises ``ValueError`` when the shape does not fit."""
    try:
        decoder: Callable[[Any], T] = _decoder(typing.cast("Any", kind))
        value = decoder(data)
    except (TypeError, KeyError, AttributeError, InvalidOperation) as error:
        message = f"not a {getattr(kind, '__name__', kind)}: {error}"
        raise ValueError(message) from error
    return value


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Build the decoder for a type once; recursion is resolved at call time."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _union_decoder(args)
    if origin is tuple:
        return _tuple_decoder(args)
    if (
        origin is Mapping
        or origin is dict
        or (isinstance(origin, type) and issubclass(origin, Mapping))
    ):
        inner = _decoder(args[1])
        return lambda data: MappingProxyType({str(k): inner(v) for k, v in data.items()})
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _scalar_decoder(kind)


def _tuple_decoder(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        inner = _decoder(args[0])
        return lambda data: tuple(inner(v) for v in _list(data))
    inners = [_decoder(a) for a in args]
    return lambda data: tuple(f(v) for f, v in zip(inners, _list(data), strict=True))


def _union_decoder(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    structured = [a for a in args if dataclasses.is_dataclass(a) or typing.get_origin(a)]
    scalars = [a for a in args if a not in structured and a is not types.NoneType]

    def decode_union(data: Any) -> Any:
        if data is None and types.NoneType in args:
            return None
        tagged = isinstance(data, dict) and len(data) == 1 and next(iter(data)) in _TAGS
        if tagged or not isinstance(data, dict | list):
            return _first_fit(scalars, data)
        return _decoder(structured[0])(data)

    return decode_union


def _first_fit(scalars: list[Any], data: Any) -> Any:
    for scalar in scalars:
        try:
            return _decoder(scalar)(data)
        except ValueError:
            continue
    message = f"no member of the union takes {type(data).__name__}"
    raise ValueError(message)


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints: dict[str, Any] = {}

    def decode_dataclass(data: Any) -> Any:
        if not hints:
            module = vars(sys.modules[kind.__module__])
            hints.update(typing.get_type_hints(kind, module))
        if not isinstance(data, dict) or not data.keys() <= hints.keys():
            message = f"not a {kind.__name__}"
            raise ValueError(message)
        return kind(**{name: _decoder(hints[name])(value) for name, value in data.items()})

    return decode_dataclass


def _scalar_decoder(kind: Any) -> Callable[[Any], Any]:
    tag = {Decimal: "$dec", date: "$date"}.get(kind)

    def decode_scalar(data: Any) -> Any:
        if tag is not None:
            if isinstance(data, dict) and data.keys() == {tag}:
                return _TAGS[tag](data[tag])
        elif kind is float and isinstance(data, int | float) and not isinstance(data, bool):
            return float(data)
        elif kind is object or type(data) is kind:
            return data
        message = f"not a {kind.__name__}"
        raise ValueError(message)

    return decode_scalar


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        message = "not a list"
        raise ValueError(message)  # noqa: TRY004 - one error for a shape that does not fit
    return data
