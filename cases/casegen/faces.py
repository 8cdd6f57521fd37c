"""Invoices and receipts as data for the templates: which words stand in which cell."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from cases.casegen import codes, seals, world
from cases.casegen.model import Company, Invoice, Payment
from cases.casegen.typeset import picture_svg, qr_svg, seal_over

A4 = (210, 297)
SLIP = (210, 140)
_TITLES = {
    "vat_special_paper": "{}增值税专用发票",
    "vat_general_paper": "{}增值税普通发票",
    "vat_e_general": "{}增值税电子普通发票",
    "vat_e_special": "{}增值税电子专用发票",
    "digital_special": "电子发票（增值税专用发票）",
    "digital_general": "电子发票（普通发票）",
}
_TONES = {"vat_special_paper": "#8a5a2b", "vat_general_paper": "#8d3b2c"}
_PROVINCE = {"50": "重庆", "51": "四川", "33": "浙江", "44": "广东", "32": "江苏"}


def invoice_face(one: Invoice, size: tuple[int, int] = SLIP, dy: float = 0) -> dict[str, Any]:
    """Return the sheet of an invoice; ``dy``: mm from the upper edge of the page."""
    say = one.printed.get
    province = _PROVINCE[one.seller.region[:2]]
    paper = one.kind in {"vat_special_paper", "vat_general_paper"}
    face: dict[str, Any] = {
        "kind": "invoice-digital" if one.digital else "invoice-old",
        "size": size,
        "dy": dy,
        "title": _TITLES[one.kind].format(province),
        "qr": qr_svg(one.qr),
        "number": say("number", one.number),
        "code": one.code,
        "date": say("day", f"{one.day:%Y年%m月%d日}"),
        "check": " ".join(one.check_code[i : i + 5] for i in range(0, 20, 5))
        if one.check_code
        else "",
        "machine": one.machine,
        "cipher": one.cipher,
        "buyer": _party(one.buyer, say("buyer_name"), say("buyer_tax")),
        "seller": _party(one.seller, say("seller_name"), None),
        "items": _items(one),
        "net": say("net", f"¥{one.net}"),
        "tax": say("tax", one.tax_text),
        "words": say("words", codes.words(one.total)),
        "total": say("total", f"¥{one.total}"),
        "remarks": one.remarks,
        "people": one.people,
        "tone": _TONES.get(one.kind, "#9a5416"),
        "ink": "#20242f" if paper else "#141414",
        "copy": one.copy_name if paper else "",
        "bigcode": one.code if paper else "",
        "side": "第三联：发票联 购买方记账凭证" if paper else "",
        "tag": "",
        "across": one.across,
        "across-x": 62,
    }
    place = world.PLACES[one.seller.region][2]
    face["under"] = [{**_supervision(place), "x": 90, "y": 6 + dy}]
    if one.kind == "vat_e_general":
        drawn = seals.draw_seal(
            seals.invoice_seal(one.seller.name, one.seller.tax_id),
            dpi=150,
            seed=1,
            mode="electronic",
        )
        face["under"].append(seal_over(drawn, 180, 116 + dy, 150))
    return face


@cache
def _supervision(place: str) -> dict[str, Any]:
    drawn = seals.draw_seal(
        seals.supervision_seal(place), dpi=240, seed=1, mode="electronic", rotation=0.0
    )
    picture = seals.as_png(drawn)
    wide = drawn.size[0] / 240 * 25.4
    side = picture.width / 240 * 25.4
    crop = (side - wide) / 2
    px = round(crop / 25.4 * 240)
    tall = drawn.size[1]
    upper = (picture.height - tall) // 2
    cut = picture.crop((px, upper, px + drawn.size[0], upper + tall))
    return {"svg": picture_svg(cut), "w": 30, "h": 20}


def _party(one: Company, name: str | None, tax_id: str | None) -> list[str]:
    return [
        name or one.name,
        tax_id or one.tax_id,
        f"{one.address} {one.phone}",
        f"{one.bank} {one.account}",
    ]


def _wide(text: str) -> float:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1.15 for c in text)


def _wrapped(text: str, width: float) -> list[str]:
    lines, line = [], ""
    for char in text:
        if _wide(line + char) > width:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def _items(one: Invoice) -> list[dict[str, Any]]:
    out = []
    for item in one.items:
        name = _wrapped(item.full_name, 31)
        spec = _wrapped(item.spec, 13)
        quantity = "" if item.quantity is None else f"{item.quantity}"
        price = one.printed.get("price", item.price)
        tax = "***" if item.rate is None else f"{item.tax}"
        cells = ["\n".join(name), "\n".join(spec), item.unit, quantity, price[:13],
                 f"{item.amount}", item.rate_text, tax]  # fmt: skip
        out.append({"cells": cells, "lines": max(len(name), len(spec))})
    return out


_LOOKS: dict[str, dict[str, Any]] = {
    "icbc": {"title": "网上银行电子回单", "style": "grid", "tone": "#b01820", "under": True,
             "notes": ["重要提示：该文件为中国工商银行电子化回单，请勿重复打印或重复记账。"]},
    "boc": {"title": "国内支付业务付款回单", "style": "list", "tone": "#a01428", "frame": True,
            "notes": ["如您已通过银行网点取得相应纸质回单，请注意核对，勿重复记账！"]},
    "abc": {"title": "网上银行电子回单", "style": "grid", "tone": "#00806a", "under": True, "font": "sans",
            "notes": ["电子回单可重复打印，请勿重复记账"]},
    "ccb": {"title": "中国建设银行单位客户专用回单", "style": "grid", "tone": "#1a4f9c", "under": True, "plain": True,
            "notes": ["本回单可通过建行对公自助设备或建行网站校验真伪"]},
    "cmb": {"title": "出账回单", "style": "list", "tone": "#c7162b", "font": "sans", "line": True,
            "notes": ["温馨提示：回单编号相同表示同一笔业务回单，请勿重复记账使用。 www.cmbchina.com"]},
    "bocom": {"title": "回　单", "style": "list", "tone": "#1c3f7c", "frame": True, "under": True, "plain": True,
              "notes": ["凡回单编号相同均为同一笔业务，请勿重复记账"]},
}  # fmt: skip
_MARKS = {"icbc": "工", "boc": "中", "abc": "农", "ccb": "建", "cmb": "招", "bocom": "交"}
_SEAL_AT = {"icbc": (118, 50), "boc": (135, 52), "abc": (142, 56), "ccb": (140, 58), "cmb": (142, 50),
            "bocom": (142, 8)}  # fmt: skip


def receipt_sheet(slips: list[Payment], per_page: int | None = None) -> dict[str, Any]:
    """Return one A4 page with one to three receipts."""
    high = 297 / max(per_page or len(slips), 2 if len(slips) < 3 else 3)
    return {
        "kind": "receipt",
        "size": A4,
        "slips": [
            _slip(p, 8 + k * high, high, last=k + 1 == len(slips)) for k, p in enumerate(slips)
        ],
    }


def _slip(one: Payment, y: float, high: float, *, last: bool) -> dict[str, Any]:
    bank = world.BANKS[one.bank]
    look = {"font": "serif", "plain": False, "under": False, "line": False, "frame": False}
    look |= _LOOKS[one.bank]
    x, dy = _SEAL_AT[one.bank]
    tight = high < 120
    return {
        **look,
        "bank": bank,
        "mark": _MARKS[one.bank],
        "y": y,
        "high": high - 4,
        "rows": _ROWS[one.bank](one),
        "seals": [{**_bank_seal(bank), "x": x, "y": min(dy, 40) if tight else dy}],
        "cut": not last,
    }


@cache
def _bank_seal(bank: str) -> dict[str, Any]:
    full = bank + ("股份有限公司" if bank != "中国人民银行" else "")
    drawn = seals.draw_seal(seals.bank_seal(full), dpi=170, seed=2, mode="electronic")
    over = seal_over(drawn, 0, 0, 170)
    return {k: over[k] for k in ("svg", "w", "h")}


def _amount(one: Payment) -> str:
    return world.money(one.amount)


def _words(one: Payment) -> str:
    return one.words or codes.words(one.amount, "元")


def _icbc(p: Payment) -> list[dict[str, Any]]:
    who = [("户　　名", p.payer.name, p.payee.name), ("账　　号", p.payer.account, p.payee.account),
           ("开户银行", p.payer.bank, p.payee.bank)]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            "cells": [["", "", 0.04], [label, a, 0.46, 20], ["", "", 0.04], [label, b, 0.46, 20]],
            "h": 7,
        }
        for label, a, b in who
    ]
    rows[0]["sides"] = [[0.0, 21, "付款人"], [0.5, 21, "收款人"]]
    return [
        {"cells": [["", f"电子回单号码：{p.receipt}", 1]], "h": 5, "bare": True},
        *rows,
        {"cells": [["金　　额", f"¥{_amount(p)}元", 0.4, 20], ["金额（大写）", f"人民币{_words(p)}", 0.6, 24]], "h": 7},
        {"cells": [["摘　　要", "转账汇款", 0.4, 20], ["业务（产品）种类", "跨行发报", 0.6, 32]], "h": 7},
        {"cells": [["用　　途", p.purpose, 1, 20]], "h": 7},
        {"cells": [["交易流水号", p.serial, 0.4, 22], ["时间戳", p.stamp + ".286231", 0.6, 20]], "h": 7},
        {"cells": [["", f"备注：　　　　　　　　验证码：{p.check}", 1]], "h": 12},
        {"cells": [["记账网点", "0310000123", 0.33, 20], ["记账柜员", "00023", 0.33, 20], ["记账日期", f"{p.day:%Y年%m月%d日}", 0.34, 20]], "h": 7},
    ]  # fmt: skip


def _boc(p: Payment) -> list[dict[str, Any]]:
    return [
        {"cells": [["客户号：", p.payer.account[:9], 0.5], ["日期：", f"{p.day:%Y年%m月%d日}", 0.5]]},
        {"cells": [["付款人账号：", p.payer.account, 0.5], ["收款人账号：", p.payee.account, 0.5]]},
        {"cells": [["付款人名称：", p.payer.name, 0.5], ["收款人名称：", p.payee.name, 0.5]]},
        {"cells": [["付款人开户行：", p.payer.bank, 0.5], ["收款人开户行：", p.payee.bank, 0.5]], "h": 9},
        {"cells": [["金额：", f"CNY{_amount(p)}", 1]]},
        {"cells": [["人民币", _words(p), 1]], "h": 8},
        {"cells": [["业务种类：", "对公汇款", 0.34], ["业务编号：", p.serial, 0.33], ["凭证号码：", p.serial[:8], 0.33]]},
        {"cells": [["用途：", p.purpose, 1]]},
        {"cells": [["附言：", p.purpose, 1]], "h": 14},
        {"cells": [["交易机构：", "12780", 0.25], ["交易渠道：", "企业网银", 0.25], ["交易流水号：", p.serial, 0.5]]},
        {"cells": [["回单编号：", p.receipt, 0.38], ["回单验证码：", p.check, 0.37], ["打印次数：", "1次", 0.25]]},
    ]  # fmt: skip


def _abc(p: Payment) -> list[dict[str, Any]]:
    return [
        {"cells": [["", f"回单编号：{p.receipt}　　　　　　　　　　第1次打印", 1]], "h": 5, "bare": True},
        {"cells": [["付款方账号", p.payer.account, 0.5, 22], ["收款方账号", p.payee.account, 0.5, 22]], "h": 8},
        {"cells": [["付款方户名", p.payer.name, 0.5, 22], ["收款方户名", p.payee.name, 0.5, 22]], "h": 8},
        {"cells": [["付款方开户行", p.payer.bank, 0.5, 22], ["收款方开户行", p.payee.bank, 0.5, 22]], "h": 8},
        {"cells": [["金额（小写）", _amount(p), 0.5, 22], ["金额（大写）", _words(p), 0.5, 22]], "h": 8},
        {"cells": [["币　　种", "人民币", 0.5, 22], ["交易渠道", "网上银行", 0.5, 22]], "h": 8},
        {"cells": [["摘　　要", p.purpose, 0.5, 22], ["凭证号", p.serial, 0.5, 22]], "h": 8},
        {"cells": [["交易时间", p.stamp.replace("-", "/", 2)[:10] + " " + p.stamp[11:].replace(".", ":"), 0.5, 22],
                   ["会计日期", f"{p.day:%Y%m%d}", 0.5, 22]], "h": 8},
        {"cells": [["附　　言", p.purpose, 1, 22]], "h": 8},
    ]  # fmt: skip


def _ccb(p: Payment) -> list[dict[str, Any]]:
    rows = [
        {"cells": [["", "", 0.04], ["全　称", p.payer.name, 0.44, 18], ["", "", 0.04], ["全　称", p.payee.name, 0.44, 18]], "h": 8},
        {"cells": [["", "", 0.04], ["账　号", p.payer.account, 0.44, 18], ["", "", 0.04], ["账　号", p.payee.account, 0.44, 18]], "h": 8},
        {"cells": [["", "", 0.04], ["开户行", p.payer.bank, 0.44, 18], ["", "", 0.04], ["开户行", p.payee.bank, 0.44, 18]], "h": 8},
    ]  # fmt: skip
    rows[0]["sides"] = [[0.0, 24, "付款人"], [0.48, 24, "收款人"], [0.96, 68, "借方回单"]]
    return [
        {"cells": [["", f"币别：人民币　　　　　　　{p.day:%Y年%m月%d日}　　　　　　　流水号：{p.serial}", 1]], "h": 6, "bare": True},
        *rows,
        {"cells": [["金　额", f"（大写）人民币{_words(p)}", 0.62, 18], ["", f"（小写）￥{_amount(p)}", 0.34]], "h": 8},
        {"cells": [["凭证种类", "电汇凭证", 0.48, 22], ["凭证号码", p.serial[-8:], 0.48, 22]], "h": 7},
        {"cells": [["结算方式", "转账", 0.48, 22], ["用　途", p.purpose, 0.48, 22]], "h": 7},
        {"cells": [["", f"打印柜员：500062　　验证码：{p.check}　　回单编号：{p.receipt}", 0.96]], "h": 22},
    ]  # fmt: skip


def _cmb(p: Payment) -> list[dict[str, Any]]:
    return [
        {"cells": [["交易日期：", f"{p.day:%Y年%m月%d日}", 0.5], ["回单编号：", p.receipt, 0.5]]},
        {"cells": [["付款人：", p.payer.name, 0.5], ["收款人：", p.payee.name, 0.5]]},
        {"cells": [["付款账号：", p.payer.account, 0.5], ["收款账号：", p.payee.account, 0.5]]},
        {"cells": [["付款开户行：", p.payer.bank, 0.5], ["收款开户行：", p.payee.bank, 0.5]]},
        {"cells": [["交易金额（小写）：", f"CNY {_amount(p)}", 0.5], ["交易流水：", "C0" + p.serial, 0.5]]},
        {"cells": [["交易金额（大写）：", "人民币" + _words(p), 1]]},
        {"cells": [["业务类型：", "网上转账汇款", 0.5], ["业务编号：", p.serial, 0.5]]},
        {"cells": [["交易摘要：", p.purpose, 1]]},
        {"cells": [["经办：", "网上银行", 0.5], ["验证码：", p.check, 0.5]]},
    ]  # fmt: skip


def _bocom(p: Payment) -> list[dict[str, Any]]:
    return [
        {"cells": [["回单编号：", p.receipt, 0.36], ["回单类型：", "支付结算", 0.32], ["业务名称：", "普通汇兑", 0.32]]},
        {"cells": [["凭证种类：", "网银", 0.36], ["凭证号码：", p.serial[:10], 0.32], ["借贷标志：", "借", 0.32]]},
        {"cells": [["付款人账号：", p.payer.account, 1]], "h": 5},
        {"cells": [["付款人名称：", p.payer.name, 1]], "h": 5},
        {"cells": [["开户行名称：", p.payer.bank, 1]], "h": 5},
        {"cells": [["收款人账号：", p.payee.account, 1]], "h": 5},
        {"cells": [["收款人名称：", p.payee.name, 1]], "h": 5},
        {"cells": [["开户行名称：", p.payee.bank, 1]], "h": 5},
        {"cells": [["币种：", "人民币", 0.25], ["金额：", _amount(p), 0.3], ["金额大写：", "人民币" + _words(p), 0.45]]},
        {"cells": [["摘要：", p.purpose, 1]], "h": 5},
        {"cells": [["附加信息：", "", 1]], "h": 8},
        {"cells": [["打印次数：", "1次", 0.25], ["记账日期：", f"{p.day:%Y%m%d}", 0.3], ["会计流水号：", p.serial, 0.45]]},
        {"cells": [["记账机构：", "01500999", 0.35], ["经办柜员：", "EBB0001", 0.3], ["打印机构：", "01500122", 0.35]]},
    ]  # fmt: skip


_ROWS = {"icbc": _icbc, "boc": _boc, "abc": _abc, "ccb": _ccb, "cmb": _cmb, "bocom": _bocom}
