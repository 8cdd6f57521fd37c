"""Whose a seal is and how fresh: names with a letter missing, strangers, unsure readings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.match.seal_owner import Lettering, owner_of
from audit.match.seals import freshness_of, kind_of
from audit.model import (
    Applicant,
    Box,
    Document,
    DocumentKind,
    Impression,
    PageMode,
    Reading,
    Status,
)

APPLICANT = Applicant(name="重庆晟泓精密机械有限公司", taxpayer_id="91500112MA5U0XXN6A")
SELLER = "成都云帆软件技术有限公司"


def invoice() -> Document:
    reading = Reading(SELLER, SELLER, Status.READ, 1.0)
    return Document(DocumentKind.VAT_INVOICE, fields={"seller_name": reading})


@pytest.mark.parametrize(
    ("text", "confidence", "owner"),
    [
        ("重庆晟泓精密机械有限公司", 0.9, "applicant"),
        ("庆晟型精密机械有限公司", 0.3, "applicant"),
        ("出重庆晟泓精密机械有限公司", 0.4, "applicant"),
        ("成都云帆软件技术有限公司", 0.9, "seller"),
        ("上海启衡工业自动化股份有限公司", 0.9, "other"),
        ("上海启衡工业自动化股份有限公司", 0.4, "other"),
        ("上海启衡工业自动化股份有限公司", 0.2, "unknown"),
        ("启衡工业自动", 0.4, "unknown"),
        ("重庆型精密机械有限公司", 0.7, "unknown"),
        ("重庆昌润精密机械有限公司", 0.7, "unknown"),
        ("重庆昌润精密机械有限公司", 0.95, "other"),
        ("重庆晟润精密机械有限公司", 0.95, "unknown"),
        ("重庆江川智能装备有限公司", 0.9, "other"),
        ("机械", 0.9, "unknown"),
        ("", 0.0, "unknown"),
    ],
)
def test_owner_by_name(text: str, confidence: float, owner: str) -> None:
    assert owner_of(Lettering(text, confidence), "official", invoice(), APPLICANT)[0] == owner


@pytest.mark.parametrize(
    ("rivals", "owner"),
    [(("展晟", "滋泓"), "applicant"), (("展层", "滋泓"), "unknown"), ((), "unknown")],
)
def test_letters_nearly_read_speak_for_a_known_name(rivals: tuple[str, ...], owner: str) -> None:
    said = Lettering("重庆展滋精密机械有限公司", 0.3, rivals=rivals)
    assert owner_of(said, "official", invoice(), APPLICANT)[0] == owner


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("深圳市博识云数据服务有限公司", "applicant"),
        ("深圳市博报云数据服务有限公司", "applicant"),
        ("深圳市博识数据服务有限公司", "applicant"),
        ("深圳市博报星数据服务有限公司", "unknown"),
        ("深圳市博雅云数据服务有限公司", "unknown"),
        ("深圳市博志云数据服务有限公司", "unknown"),
    ],
)
def test_one_unsure_letter_of_three_may_be_another(text: str, owner: str) -> None:
    said = Lettering(text, 0.5, rivals=("报极拍投抓技把扶抱据板服股设", "志忘", "星是"))
    known = Applicant(name="深圳市博识云数据服务有限公司")
    assert owner_of(said, "official", None, known)[0] == owner


@pytest.mark.parametrize(
    ("known", "owner"),
    [
        ("深圳市博识云数据服务有限公司", "applicant"),
        ("深圳市博识华数据服务有限公司", "unknown"),
        ("深圳市博识云信息服务有限公司", "unknown"),
        ("成都云阳软件技术有限公司", "other"),
    ],
)
def test_a_plain_reading_fits_no_name_that_differs_in_a_letter(known: str, owner: str) -> None:
    said = Lettering("深圳市博识云数据服务有限公司", 0.98, rivals=("云会", "识织汉"))
    assert owner_of(said, "official", None, Applicant(name=known))[0] == owner


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("厦庆江川智能装备有限公司", "other"),
        ("重庆江川智能装备有限公司财务专用章", "other"),
        ("江川智能装备", "unknown"),
        ("付款凭证附后本表所列设备", "unknown"),
        ("机械精密晟泓有限公司重庆", "unknown"),
        ("精密机械重庆晟泓有限公司", "unknown"),
        ("重庆昌润精密机械有限公司", "unknown"),
    ],
)
def test_letters_that_surely_are_others_make_a_stranger(text: str, owner: str) -> None:
    said = Lettering(text, 0.3, rivals=("厦夏重", "备各"))
    assert owner_of(said, "official", None, APPLICANT)[0] == owner


def test_print_under_a_seal_is_nobodys_name() -> None:
    said = Lettering("付款凭证附后本表所列设备", 0.95)
    assert owner_of(said, "official", None, APPLICANT)[0] == "unknown"


def test_a_letter_too_many_before_the_core_is_no_lost_one() -> None:
    said = Lettering("上海启新工业自动化有限公司", 0.3, rivals=("新衡浙", "启容"))
    known = Applicant(name="上海新宇工业自动化有限公司")
    assert owner_of(said, "official", None, known)[0] == "unknown"


def test_a_core_that_looks_like_a_county_is_still_compared() -> None:
    said = Lettering("成都云帆软件技术有限公司", 0.97, rivals=("帆凯",))
    known = Applicant(name="成都云阳软件技术有限公司")
    assert owner_of(said, "official", None, known)[0] == "unknown"


@pytest.mark.parametrize("confidence", [0.99, 0.7, 0.4])
@pytest.mark.parametrize(
    "text",
    [
        "自动化设备有限公司",
        "动化设备有限公司",
        "精密机械有限公司",
        "科技有限责任公司",
        "重庆有限公司",
    ],
)
@pytest.mark.parametrize("name", ["重庆市渝北区精工自动化设备有限公司", "重庆晟泓精密机械有限公司"])
def test_the_end_of_a_name_is_neither_own_nor_a_strangers(
    name: str, text: str, confidence: float
) -> None:
    said = Lettering(text, confidence)
    assert owner_of(said, "official", None, Applicant(name=name))[0] == "unknown"


def test_a_tax_number_decides_before_a_spoilt_name() -> None:
    said = Lettering("凭证附后", 0.2, APPLICANT.taxpayer_id)
    owner, reasons = owner_of(said, "invoice", None, APPLICANT)
    assert owner == "applicant"
    assert reasons[0].key == "seal.number_fits"


@pytest.mark.parametrize(
    ("number", "owner"),
    [
        ("91500112MA5UOXXN6A", "applicant"),
        ("1500112MA5U0XXN6", "applicant"),
        ("91500112MA5U0XXB77", "unknown"),
        ("9150011", "unknown"),
    ],
)
def test_a_worn_tax_number_speaks_only_for_a_company(number: str, owner: str) -> None:
    assert owner_of(Lettering("凭证附后", 0.2, number), "invoice", None, APPLICANT)[0] == owner


def test_a_legible_stranger_stays_one_with_a_near_number() -> None:
    said = Lettering("成都启衡工业自动化有限公司", 0.95, "91500112MA5UOXXN6A")
    assert owner_of(said, "invoice", None, APPLICANT)[0] == "other"


def test_an_oval_with_a_tax_number_is_an_invoice_seal() -> None:
    one = Impression(Box(0, 0, 0.2, 0.1), "ellipse", "red", text="江川", number="91500112MA5U0XXN6")
    assert kind_of(one) == "invoice"
    bank = Impression(Box(0, 0, 0.2, 0.1), "ellipse", "red", text="某银行", number="718EDC15")
    assert kind_of(bank) == "unknown"


def test_the_supervision_mark_belongs_to_nobody_here() -> None:
    assert (
        owner_of(Lettering("重庆晟泓精密机械有限公司"), "supervision", None, APPLICANT)[0]
        == "other"
    )


def impression(colour: str = "red", **traits: float) -> Impression:
    return Impression(Box(0, 0, 0.2, 0.1), "circle", colour, traits=tuple(traits.items()))


@pytest.mark.parametrize(
    ("mark", "mode", "grade"),
    [
        (impression(pressure=0.09, chroma=60.0), PageMode.COLOUR, "supported"),
        (impression(pressure=0.09, chroma=84.0), PageMode.COLOUR, "doubtful"),
        (impression(pressure=0.01, chroma=60.0), PageMode.COLOUR, "doubtful"),
        (impression(pressure=0.035, chroma=60.0), PageMode.COLOUR, "doubtful"),
        (impression(), PageMode.COLOUR, "doubtful"),
        (impression(pressure=0.09, chroma=60.0, print_inside=0.1), PageMode.COLOUR, "contradicted"),
        (impression(pressure=0.09, chroma=60.0, print_inside=0.8), PageMode.COLOUR, "supported"),
        (impression("black"), PageMode.COLOUR, "contradicted"),
        (impression("black"), PageMode.GREY, "cannot_tell"),
        (impression(), PageMode.BILEVEL, "cannot_tell"),
        (impression(), PageMode.DIGITAL, "not_applicable"),
    ],
)
def test_freshness_is_a_grade(mark: Impression, mode: PageMode, grade: str) -> None:
    assert freshness_of(mark, mode, "official")[0] == grade


@pytest.mark.parametrize(
    ("text", "kind_text", "kind"),
    [
        ("重庆晟泓精密机械有限公司", "", "official"),
        ("重庆晟泓精密机械有限公司", "财务专用章", "finance"),
        ("重庆晟泓精密机械有限公司财务专用章", "", "finance"),
        ("", "", "unknown"),
    ],
)
def test_kind(text: str, kind_text: str, kind: str) -> None:
    one = Impression(Box(0, 0, 0.2, 0.1), "circle", "red", text=text, kind_text=kind_text)
    assert kind_of(one) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("吕文博之印", "legal_representative"),
        ("张明印", "legal_representative"),
        ("有限公司印", "unknown"),
        ("晟泓公司之印", "unknown"),
    ],
)
def test_a_square_seal_is_a_persons_only_if_it_names_no_company(text: str, kind: str) -> None:
    assert kind_of(Impression(Box(0, 0, 0.1, 0.1), "square", "red", text=text)) == kind


def test_a_reading_that_is_hardly_one_accuses_nobody() -> None:
    rivals = ("动幼劲功劝劫", "化代华比仪伙", "有直真", "限跟娘", "公么", "司武式益量民革园")
    said = Lettering("由全意研店动化有限公司", 0.224, rivals=rivals)
    own = Applicant(name="上海启衡工业自动化有限公司")
    assert owner_of(said, "unknown", None, own)[0] == "unknown"
    assert owner_of(replace(said, confidence=0.6), "unknown", None, own)[0] == "other"
