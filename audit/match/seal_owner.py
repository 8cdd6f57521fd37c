"""Whose a seal is, judged by the names and tax numbers known in the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from audit.model import Applicant, Document, Message, say
from audit.text.alike import share_in_order
from audit.text.ids import uscc_check_digit_ok
from audit.text.names import (
    company_parts,
    looks_like_company,
    normalise_company,
    own_letters,
)

#: Share of a name's characters found in order on the seal: consistent, and clearly not.
CONSISTENT, FOREIGN = 0.7, 0.35
#: Confidence from which a reading may say that the seal is somebody else's.
SURE_TEXT, CERTAIN_TEXT, LEGIBLE_TEXT = 0.6, 0.9, 0.25
#: A name that agrees so far may be the known one with its 字号 misread.
_MOSTLY_SAME = 0.7
#: Letters of 字号 and trade that a worn reading must contradict.
_ENOUGH_OWN = 4
#: So many letters of a 字号 a name needs to be told another company's.
_OWN_LETTERS = 2
#: Share of the 字号 that must be there.
_HALF_THERE = 0.45
#: A letter that was nearly as many others may be none of them.
_MANY_RIVALS = 13
#: So many letters that are surely others make a name another company's; of its own letters no
#: more than this share may be there, in whatever order.
_ENOUGH_AGAINST, _STILL_THERE = 3, 0.5
#: Letters of a line of kind, one too many allowed.
_KIND_LETTERS = 7
#: A 字号 of so many letters may have one unsure letter spoilt.
_LEAST_SPOILT = 3
#: Letters of 有限公司, which any seal ends on.
_FORM_LETTERS = 4
#: What another letter in a letter's place costs, one lost or one too many costing 1.
_REPLACED = 1.25
#: Shortest tax number that identifies a company.
TAX_ID_LENGTH = 15
#: Characters of a number that may be lost or misread where a known one is so near and alone.
_WORN = 2
OWNER_REASONS = frozenset(
    {
        *(
            "seal.supervision",
            "seal.person",
            "seal.number_fits",
            "seal.number_nearly",
            "seal.unread",
            "seal.no_names",
        ),
        *("seal.consistent", "seal.foreign", "seal.partly"),
    }
)
#: Characters a reading needs before it may say that the seal is somebody else's.
ENOUGH_TEXT = 6


@dataclass(frozen=True, slots=True)
class Lettering:
    """What a seal says: name, confidence of its lowest character (0-1), number if any."""

    text: str
    confidence: float = 1.0
    number: str = ""
    rivals: tuple[str, ...] = ()


def owner_of(
    said: Lettering,
    kind: str,
    holder: Document | None,
    applicant: Applicant,
) -> tuple[str, tuple[Message, ...]]:
    """Return whose seal it is, judged by the names known in the case, and why.

    A tax number decides before the name; an unsure reading never makes a seal somebody else's.
    """
    if kind == "supervision":
        return "other", (say("seal.supervision"),)
    if kind == "legal_representative":
        return "unknown", (say("seal.person", text=said.text),)
    by_number = _owner_by_number(said.number, holder, applicant)
    if by_number is not None:
        return by_number
    read = normalise_company(said.text)
    judged: tuple[str, tuple[Message, ...]] = "unknown", (say("seal.unread"),)
    if read:
        judged = _owner_by_name(said, read, _known_names(holder, applicant))
    if judged[0] != "unknown":
        return judged
    return _owner_by_worn_number(said.number, holder, applicant) or judged


def _owner_by_name(
    said: Lettering, read: str, known: Sequence[tuple[str, str]]
) -> tuple[str, tuple[Message, ...]]:
    scored = [(share_in_order(read, name, said.rivals), role, name) for role, name in known if name]
    if not scored:
        return "unknown", (say("seal.no_names"),)
    score, role, name = max(scored, key=lambda s: s[0])
    matched, length = int(score * len(name) + 0.5), len(name)
    if score >= CONSISTENT and _core_fits(said, read, name):
        return role, (say("seal.consistent", name=name, matched=matched, length=length),)
    if all(_foreign(said, read, n) for _, _, n in scored):
        return "other", (say("seal.foreign", text=said.text),)
    return "unknown", (say("seal.partly", name=name, matched=matched, length=length),)


def _owner_by_number(
    number: str, holder: Document | None, applicant: Applicant
) -> tuple[str, tuple[Message, ...]] | None:
    for role, taxpayer_id in _known_numbers(holder, applicant):
        if number == taxpayer_id:
            return role, (say("seal.number_fits", number=number),)
    return None


def _owner_by_worn_number(
    number: str, holder: Document | None, applicant: Applicant
) -> tuple[str, tuple[Message, ...]] | None:
    """Return the one known company whose number this nearly is; it never makes a seal another's.

    A number whose own check digit fits was read rightly: then it is a different number.
    """
    if len(number) < TAX_ID_LENGTH - _WORN or uscc_check_digit_ok(number):
        return None
    near = {
        taxpayer_id: role
        for role, taxpayer_id in reversed(_known_numbers(holder, applicant))
        if Levenshtein.distance(number, taxpayer_id) <= _WORN
    }
    if len(near) != 1:
        return None
    ((taxpayer_id, role),) = near.items()
    return role, (say("seal.number_nearly", number=number, known=taxpayer_id),)


def _known_numbers(holder: Document | None, applicant: Applicant) -> list[tuple[str, str]]:
    known = [("applicant", applicant.taxpayer_id)]
    if holder is not None:
        known.append(("seller", holder.get("seller_taxpayer_id").text or ""))
    return [(role, number) for role, number in known if len(number) >= TAX_ID_LENGTH]


def _foreign(said: Lettering, read: str, name: str) -> bool:
    """Tell whether a legible name is another company's: its 字号 shares next to nothing.

    Where all but the 字号 agrees, a letter or two lost or misread would look the same: then the
    reading must be sure of every letter and lack none, or letters enough must contradict. Trade
    and legal form alone are the end of anybody's name, its beginning lost; and what does not end
    as names do may be print under the seal.
    """
    read = _without_kind(read)
    legible = len(read) >= ENOUGH_TEXT and looks_like_company(read)
    if not legible or len(own_letters(read)) < _OWN_LETTERS:
        return False
    if _contradicted(said, read, name):
        return True
    mine, yours = company_parts(read), company_parts(name)
    if said.confidence < SURE_TEXT:
        own = yours.core + yours.trade
        whole_name = bool(mine.form and mine.place) and len(own) >= _ENOUGH_OWN
        worn = said.confidence >= LEGIBLE_TEXT and whole_name
        return worn and share_in_order(read, own, said.rivals) <= FOREIGN
    whole = share_in_order(read, name, said.rivals)
    if whole <= FOREIGN:
        return True
    cores = [
        share_in_order(part, yours.core, said.rivals) for part in (mine.core, read) if yours.core
    ]
    if len(mine.core) < _OWN_LETTERS or max(cores, default=1.0) > FOREIGN:
        return False
    return whole < _MOSTLY_SAME or (said.confidence >= CERTAIN_TEXT and len(read) >= len(name))


def _contradicted(said: Lettering, read: str, name: str) -> bool:
    """Tell whether letters of 字号 and trade stand on the seal that are none of the known name's.

    A letter's rivals hold the true one but for one in a thousand, unless they are as many as can
    be; a reading that is hardly one has none for letters that no other look saw. Where the known
    letters stand in another order, the seal may have been read so.
    """
    if said.confidence < (LEGIBLE_TEXT if said.rivals else CERTAIN_TEXT):
        return False
    start, end = _distinctive(name)[0], max(1, len(name) - _FORM_LETTERS)
    vague = {r[0] for r in said.rivals if len(r) > _MANY_RIVALS}
    against = sum(
        1
        for letter, place, fit in _side_by_side(read, name, said.rivals)
        if letter and not fit and start <= place < end and letter not in vague
    )
    if against < _ENOUGH_AGAINST:
        return False
    there = set(read).union(*said.rivals)
    return sum(c in there for c in name[start:end]) <= _STILL_THERE * (end - start)


def _without_kind(read: str) -> str:
    """Return a name without the line of kind that a square seal sets behind it."""
    place = read.rfind("公司") + 2
    return read[:place] if place >= _FORM_LETTERS and len(read) - place <= _KIND_LETTERS else read


def _known_names(holder: Document | None, applicant: Applicant) -> list[tuple[str, str]]:
    names = [("applicant", normalise_company(n)) for n in (applicant.name, *applicant.former_names)]
    if holder is not None:
        for role, field in (
            ("seller", "seller_name"),
            ("payee", "payee_name"),
            ("other", "contractor_name"),
            ("other", "party_b"),
            ("other", "bank_name"),
            ("other", "audit_firm"),
        ):
            names.append((role, normalise_company(holder.get(field).text or "")))
    return names


def _core_fits(said: Lettering, read: str, name: str) -> bool:
    """Tell whether the distinctive part (字号) is on the seal: trade and form match anybody.

    Half of it may be lost, but none of it may be another letter than was, or nearly was, read
    in its place, save one unsure letter of three or more; where nothing is known about unsure
    letters, half of it must be there. No letter of the rest that is sure may be another one.
    """
    start, end, own = _distinctive(name)
    if not said.rivals and said.confidence < CERTAIN_TEXT:
        return share_in_order(read, name[start:end]) >= _HALF_THERE
    unsure, doubtful = _unsure(said), {r[0] for r in said.rivals if r}
    ending = len(name) - _FORM_LETTERS
    fits, exact, lost, extra, spoilt = 0, 0, 0, 0, 0
    for letter, place, fit in _side_by_side(read, name, said.rivals):
        inside = start <= place < end
        if letter and not fit and inside:
            spoilt += 1 if letter in unsure else end - start
        if letter and not fit and 0 <= place < ending and letter not in doubtful:
            return False
        fits += fit and inside
        exact += inside and letter == name[place]
        lost += not letter and inside
        extra += place < 0 and start <= ~place <= end
    size = end - start
    if spoilt and (spoilt > 1 or lost or not _LEAST_SPOILT <= size <= exact + 1 or not own):
        return False
    worn = lost and (extra or not exact)
    return fits >= _HALF_THERE * size and not worn


def _distinctive(name: str) -> tuple[int, int, bool]:
    """Return where the 字号 of a known name begins and ends, and whether it stands out.

    Where it looks like a place or a trade (成都云阳软件有限公司) all before the legal form is it.
    """
    core = company_parts(name).core
    start = name.find(core)
    if len(own_letters(name)) >= _OWN_LETTERS and start >= 0:
        return start, start + len(core), True
    return 0, max(1, len(name) - _FORM_LETTERS), False


def _unsure(said: Lettering) -> set[str]:
    """Return the letters that may be wrong altogether: they were nearly many others."""
    if said.confidence >= SURE_TEXT:
        return set()
    return {r[0] for r in said.rivals if len(r) > _MANY_RIVALS}


def _side_by_side(read: str, name: str, rivals: Sequence[str]) -> list[tuple[str, int, bool]]:
    """Return (letter read, place in the name, fits) for the best alignment of the two.

    The letter is empty for a lost one; for one too many the place is ``~`` of the next one's.
    """
    nearly = {r[0]: r[1:] for r in rivals if r}
    fits = [[c == n or n in nearly.get(c, "") for n in name] for c in read]
    costs = [[float(i + j) for j in range(len(name) + 1)] for i in range(len(read) + 1)]
    for i, row in enumerate(fits, 1):
        for j, fit in enumerate(row, 1):
            side = costs[i - 1][j - 1] + (0.0 if fit else _REPLACED)
            costs[i][j] = min(side, costs[i - 1][j] + 1, costs[i][j - 1] + 1)
    pairs: list[tuple[str, int, bool]] = []
    i, j = len(read), len(name)
    while i or j:
        fit = bool(i and j and fits[i - 1][j - 1])
        if i and j and costs[i][j] == costs[i - 1][j - 1] + (0.0 if fit else _REPLACED):
            i, j = i - 1, j - 1
            pairs.append((read[i], j, fit))
        elif j and costs[i][j] == costs[i][j - 1] + 1:
            j -= 1
            pairs.append(("", j, False))
        else:
            i -= 1
            pairs.append((read[i], ~j, False))
    return pairs
