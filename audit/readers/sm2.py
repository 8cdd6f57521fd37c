"""Signatures by SM2 with SM3: whether a value holds under a certificate's key.

Who issued the certificate is not asked here: no list of trusted roots is at hand offline.
"""

from __future__ import annotations

import hashlib

from audit.readers.der import DerError, Value, read

SM2_WITH_SM3, SM2_KEY, SM3 = "1.2.156.10197.1.501", "1.2.156.10197.1.301", "1.2.156.10197.1.401"
EC_KEY = "1.2.840.10045.2.1"
#: The name under which every signer signs (GM/T 0009).
SIGNER_ID = b"1234567812345678"
_SIZE = 32
#: Bytes that pure Python hashes in a few seconds.
_LONGEST = 1_000_000
_POINT = 1 + 2 * _SIZE


class UncheckableError(Exception):
    """The signature cannot be checked here: another algorithm, or the part for it is not installed."""


def sm3(data: bytes) -> bytes:
    """Return the SM3 hash; raises ``UncheckableError`` where nothing here computes it."""
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        pass
    if len(data) > _LONGEST:
        raise UncheckableError("sm3")
    try:
        import gmalg
    except ImportError as error:
        raise UncheckableError("sm3") from error
    state = gmalg.SM3()
    state.update(data)
    return bytes(state.value())


def key_of(certificate: bytes) -> bytes:
    """Return the SM2 key (``04 X Y``) of an X.509 certificate in DER.

    Raises ``DerError`` if it is none, ``UncheckableError`` if its key is of another kind.
    """
    fields = read(certificate).children()[0].children()
    first = 1 if fields[0].tag == 0xA0 else 0  # noqa: PLR2004 - the version, which may be left out
    if len(fields) < first + 6:
        raise DerError("no certificate")
    algorithm, key = fields[first + 5].children()[:2]
    names = [one.oid() for one in algorithm.children()[:2] if one.tag == 0x06]  # noqa: PLR2004
    if names != [EC_KEY, SM2_KEY]:
        raise UncheckableError("key")
    point = key.bits()
    if len(point) != _POINT or point[0] != 4:  # noqa: PLR2004 - uncompressed
        raise UncheckableError("key")
    return point


def holds(message: bytes, signature: bytes, key: bytes) -> bool:
    """Tell whether ``signature`` (DER, or R and S of 32 bytes each) of ``message`` holds under ``key``.

    Raises ``UncheckableError`` without the optional library, which hashes in pure Python, so that
    no long message is given to it.
    """
    if len(message) > _LONGEST:
        raise UncheckableError("message")
    try:
        from gmalg import SM2
    except ImportError as error:
        raise UncheckableError("gmalg") from error
    r, s = _parts(signature)
    try:
        signer = SM2(pk=key, uid=SIGNER_ID)
        return bool(signer.verify_pk(key) and signer.verify(message, r, s))
    except Exception as error:  # whatever the library makes of values that no honest signer writes
        raise UncheckableError("value") from error


def _parts(signature: bytes) -> tuple[bytes, bytes]:
    if len(signature) == 2 * _SIZE:
        return signature[:_SIZE], signature[_SIZE:]
    values: tuple[Value, ...] = read(signature).children()
    if len(values) != 2:  # noqa: PLR2004 - R and S
        raise DerError("no signature")
    r, s = (value.number() for value in values)
    if not (0 <= r < 1 << 8 * _SIZE and 0 <= s < 1 << 8 * _SIZE):
        raise DerError("no signature")
    return r.to_bytes(_SIZE, "big"), s.to_bytes(_SIZE, "big")
