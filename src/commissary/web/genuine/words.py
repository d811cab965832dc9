"""The page's words, both languages side by side."""

from typing import Literal

Lang = Literal["zh-CN", "en"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("卡券验真", "Is it genuine?"),
    "language": ("语言", "Language"),
    "other": ("en", "zh-CN"),
    "other_name": ("English", "中文"),
    "other_query": ("?lang=en", ""),
    "genuine": ("正品", "Genuine"),
    "genuine_told": (
        "该卡券由本平台售出，记录完整，未被召回。",
        "This code was sold here; its record is whole and it was not recalled.",
    ),
    "revealed": ("正品，已查看或使用", "Genuine, seen or used"),
    "revealed_told": (
        "该卡券由本平台售出，但卡密已被查看或使用。如您刚刚购得，请联系销售方。",
        "This code was sold here, but somebody has seen or used it. If you have just bought it, ask who sold it to you.",
    ),
    "recalled": ("已召回", "Recalled"),
    "recalled_told": (
        "该卡券所属批次已被召回，请勿使用或购买，并联系销售方。",
        "The batch of this code was recalled. Do not use or buy it; ask who sold it to you.",
    ),
    "withdrawn": ("已撤销", "Withdrawn"),
    "withdrawn_told": (
        "该笔销售已撤销并退款，卡券不再有效，请勿购买。",
        "This sale was taken back and refunded; the code is no longer good. Do not buy it.",
    ),
    "unknown": ("无法确认", "Not known here"),
    "unknown_told": (
        "本平台没有此验真地址的记录，请核对二维码是否完整；若来自他人，请谨慎交易。",
        "There is no record of this address here. Check that the QR code is whole; be careful if somebody gave it to you.",
    ),
    "busy": ("查询过于频繁", "Too many questions"),
    "busy_told": ("请一分钟后再试。", "Please try again in a minute."),
    "product": ("商品", "Product"),
    "sold_on": ("售出日期", "Sold on"),
    "mall": ("销售商城", "Sold by"),
    "footer": (
        "本页不显示卡密与购买者信息。任何人都不应以验真为由向您索要卡密。",
        "This page shows neither the code nor its buyer. Nobody needs your code to check whether it is genuine.",
    ),
}

SIGNS = {"genuine": "✓", "revealed": "!", "recalled": "✕", "withdrawn": "✕", "unknown": "?", "busy": "…"}


def words(lang: Lang) -> dict[str, str]:
    return {name: pair[lang == "en"] for name, pair in WORDS.items()}
