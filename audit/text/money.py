"""Money as printed: figures, and the capitals (大写) that papers repeat it in."""

from __future__ import annotations

import itertools
import re
from decimal import ROUND_HALF_UP, Decimal

from audit.text.normal import compact, nfkc

_TEN_THOUSAND = Decimal(10000)
_CENT = Decimal("0.01")
_LONGEST = 15
_MINUS = "-\u2212–—－"
_FIGURES = re.compile(
    rf"(?P<open>\()?(?P<s1>[{_MINUS}+]?)(?:人民币|RMB|CNY|[¥￥:])*\s*(?P<s2>[{_MINUS}+]?)"
    r"(?P<whole>\d{1,3}(?:[, ]\d{3})+|\d+)(?P<part>\.\d+)?"
    rf"(?P<s3>[{_MINUS}]?)(?P<close>\))?(?P<unit>万?)(?:元|圆)?[整正]?",
    re.IGNORECASE,
)


def parse_amount(text: str) -> Decimal | None:
    """Return the amount in 元 that a text is: sign, currency, thousands, 元 and 万元 understood.

    ``None`` for anything else, also for separators that fit no reading (``1.234,5``).
    """
    found = _FIGURES.fullmatch(nfkc(text).strip())
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    whole = re.sub(r"[, ]", "", found["whole"])
    signs = [s for s in (found["s1"], found["s2"], found["s3"]) if s]
    if len(whole.lstrip("0")) > _LONGEST or len(signs) > 1 or (signs and found["open"]):
        return None
    amount = Decimal(whole + (found["part"] or ""))
    if found["unit"]:
        amount = (amount * _TEN_THOUSAND).normalize() + Decimal(0)
    negative = bool(found["open"]) or any(s in _MINUS for s in signs)
    return -amount if negative and amount else amount


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
#: Every spelling of a capital that means the same character: traditional, plain, old.
_SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("〇另○0", "零"),
        **dict.fromkeys("一弌壱", "壹"),
        **dict.fromkeys("二两兩貳弍貮弐", "贰"),
        **dict.fromkeys("三参叄參弎", "叁"),
        **dict.fromkeys("四", "肆"),
        **dict.fromkeys("五", "伍"),
        **dict.fromkeys("六陸", "陆"),
        **dict.fromkeys("七", "柒"),
        **dict.fromkeys("八", "捌"),
        **dict.fromkeys("九", "玖"),
        **dict.fromkeys("十", "拾"),
        **dict.fromkeys("百", "佰"),
        **dict.fromkeys("千", "仟"),
        "萬": "万",
        "億": "亿",
        **dict.fromkeys("元圓園", "圆"),
        "正": "整",
        "負": "负",
    }
)
_SET_OFF = re.compile(r"人民币|金额|合计|价税|[(]?大写[)]?|^[xX×]|[⊗⊕¤*¥:：,，.。·_|]")
_SHAPE = re.compile(
    rf"(?P<minus>负|[(]负数?[)]|负数)?(?P<whole>[{_DIGITS}拾佰仟万亿]*)(?P<yuan>圆)?"
    rf"(?P<zero>零?)(?:(?P<jiao>[{_DIGITS}])角)?(?P<zero2>零?)(?:(?P<fen>[{_DIGITS}])分)?(?P<end>整?)"
)
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}
_WAN, _YI = 10**4, 10**8


def words_to_amount(text: str) -> Decimal | None:
    """Return the amount in 元 (two places) that 大写 states; ``None`` if it is not well formed.

    Any spelling (圆, 元, 整, 正, traditional, 人民币 and brackets before it). Places must fall,
    and inside a group of four none may be left out silently: 壹仟贰圆 is not read.
    """
    plain = _SET_OFF.sub("", compact(text).translate(_SPELLINGS))
    found = _SHAPE.fullmatch(plain)
    if found is None or not (found["yuan"] or found["jiao"] or found["fen"] or found["end"]):
        return None
    if found["yuan"] and not found["whole"]:
        return None
    if not found["yuan"] and found["whole"] and (found["jiao"] or found["fen"]):
        return None
    whole = _integer(found["whole"]) if found["whole"] else 0
    if whole is None or not (found["whole"] or found["jiao"] or found["fen"]):
        return None
    cents = 10 * _digit(found["jiao"]) + _digit(found["fen"])
    amount = Decimal(whole) + Decimal(cents) * _CENT
    return -amount if found["minus"] and amount else amount


def _digit(char: str | None) -> int:
    return _DIGITS.index(char) if char else 0


def _integer(text: str) -> int | None:
    """Return the value of a whole number in capitals by its groups of four."""
    high, yi, low = text.rpartition("亿")
    if yi:
        above = _below_yi(high)
        below = _below_yi(low) if low else 0
        return None if above is None or below is None or not above else above * _YI + below
    return _below_yi(low)


def _below_yi(text: str) -> int | None:
    high, wan, low = text.partition("万")
    if not wan:
        return _group(text)
    above, below = _group(high), _group(low) if low else 0
    return None if not above or below is None else above * _WAN + below


def _group(text: str) -> int | None:
    """Return a number below 10000; a last digit needs 零 or 拾 before it."""
    if text == "零":
        return 0
    total, last_place, pending, zero = 0, 10_000, -1, True
    for char in text:
        if char == "零":
            if pending >= 0:
                return None
            zero = True
        elif char in _PLACES:
            place = _PLACES[char]
            implied = char == "拾" and total == 0 and pending < 0
            if place >= last_place or (pending <= 0 and not implied):
                return None
            total += (1 if implied else pending) * place
            last_place, pending, zero = place, -1, False
        else:
            if pending >= 0 or char not in _DIGITS:
                return None
            pending = _DIGITS.index(char)
    if pending >= 0:
        if not zero and last_place > _PLACES["拾"]:
            return None
        total += pending
    return total


def amount_to_words(amount: Decimal) -> str:
    """Return an amount in 大写 as invoices print it (圆, 整); rounded to the cent.

    Raises ``ValueError`` for what cannot be money: not finite, or 10^16 and more.
    """
    if not amount.is_finite() or abs(amount) >= _YI * _YI:
        message = f"no amount of money: {amount}"
        raise ValueError(message)
    cents = int(abs(amount).quantize(_CENT, ROUND_HALF_UP) * 100)
    minus = "（负数）" if amount < 0 and cents else ""
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = _spelled(whole) + "圆" if whole or not cents else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif fen and whole:
        text += "零"
    return minus + text + (_DIGITS[fen] + "分" if fen else "整")


def _spelled(number: int) -> str:
    if number == 0:
        return "零"
    if number >= _YI:
        high, low = divmod(number, _YI)
        return _spelled(high) + "亿" + _following(low, _YI)
    if number >= _WAN:
        high, low = divmod(number, _WAN)
        return _spelled(high) + "万" + _following(low, _WAN)
    text, zero = "", False
    for place, sign in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + sign
            zero = False
        else:
            zero = True
    return text


def _following(low: int, group: int) -> str:
    """Return the lower groups, 零 before them where the highest place is empty."""
    if not low:
        return ""
    return ("零" if low < group // 10 else "") + _spelled(low)


#: What engines make of a worn capital, and what it may have been.
_CONFUSED = {
    **dict.fromkeys("路陡陵睦", "陆"),
    **dict.fromkeys("染漆渠", "柒"),
    **dict.fromkeys("别拐掰例", "捌"),
    **dict.fromkeys("玫致玟", "玖"),
    **dict.fromkeys("伯值怕拍", "佰"),
    **dict.fromkeys("任什件伟", "仟"),
    **dict.fromkeys("园国图圃團团", "圆"),
    **dict.fromkeys("壶查臺台意", "壹"),
    **dict.fromkeys("武式贡贪贾", "贰"),
    **dict.fromkeys("垒叠套", "叁"),
    **dict.fromkeys("律肄聿", "肆"),
    **dict.fromkeys("位低任", "伍"),
    **dict.fromkeys("抬恰给合", "拾"),
    **dict.fromkeys("方", "万"),
    **dict.fromkeys("忆亿", "亿"),
    **dict.fromkeys("甬用", "角"),
    **dict.fromkeys("盼", "分"),
    **dict.fromkeys("鏊整", "整"),
    **dict.fromkeys("雪霉", "零"),
}
_AMBIGUOUS = {"任": "仟伍"}
_MOST_REPAIRS = 256


def repair_words(text: str, amount: Decimal) -> str | None:
    """Return 大写 with misread characters put right, if exactly one repair states ``amount``.

    Only characters that engines are known to confuse are touched; the result is a guess
    (推定), never a reading.
    """
    plain = _SET_OFF.sub("", compact(text))
    options = [_AMBIGUOUS.get(c, _CONFUSED.get(c, c)) for c in plain]
    count = 1
    for option in options:
        count *= len(option)
    if count > _MOST_REPAIRS:
        return None
    repaired = {"".join(combo) for combo in itertools.product(*options)} - {plain}
    fitting = [words for words in repaired if words_to_amount(words) == amount]
    return fitting[0] if len(fitting) == 1 else None
