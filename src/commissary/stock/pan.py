"""Payment card numbers, which must never become stock (PCI DSS covers brand-marked prepaid cards too). Pure.

A number is one when a brand issues numbers of that beginning and length and its Luhn check digit is right.
Sources: ISO/IEC 7812-1 annex B (check digit); the brands' published issuer ranges.
"""

import re
import unicodedata

# Beginning and length together. American Express 15; JCB and UnionPay 16 to 19; Mastercard 16; Visa 13, 16, 19.
_BRANDS = {
    "amex": r"3[47]\d{13}",
    "jcb": r"35(?:2[89]|[3-8]\d)\d{12,15}",
    "mastercard": r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}",
    "unionpay": r"(?:62|81)\d{14,17}",
    "visa": r"4(?:\d{12}|\d{15}|\d{18})",
}
_RANGES = re.compile(
    r"(?<!\d)(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _BRANDS.items()) + r")(?!\d)"
)
_GROUPED = re.compile(
    r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{3})?(?!\d)|(?<!\d)\d{4}[ -]\d{6}[ -]\d{5}(?!\d)"
)
_LONG_ENOUGH = re.compile(r"\d[\d\s._\-\u2010-\u2015\u2212\u00b7]{11,}\d")
_SEPARATORS = re.compile(r"[\s._\-\u2010-\u2015\u2212\u00b7]+")
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_SINGLE = bytes.maketrans(b"0123456789", bytes(range(10)))


def payment_card_brand(text: str) -> str | None:
    """The brand, if the text is a card number in any spacing, or holds one as a run of digits of its own."""
    if len(text) < 13:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(str(unicodedata.decimal(character, character)) for character in text)
    if text.isdecimal():
        return _brand(text)
    if _LONG_ENOUGH.search(text) is None:
        return None
    found = _brand(text) or _brand(_SEPARATORS.sub("", text))
    if found:
        return found
    for group in _GROUPED.finditer(text):
        found = _brand(_SEPARATORS.sub("", group.group()))
        if found:
            return found
    return None


def _brand(text: str) -> str | None:
    for match in _RANGES.finditer(text):
        # Thirteen digits between letters are too often a stretch of a random code, and no brand issues them any more.
        buried = len(match.group()) == 13 and (text[: match.start()][-1:] + text[match.end() :][:1]).isalpha()
        if not buried and luhn(match.group()):
            return match.lastgroup
    return None


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    try:
        raw = digits.encode("ascii")
    except UnicodeEncodeError:
        return False
    return (sum(raw[-1::-2].translate(_SINGLE)) + sum(raw[-2::-2].translate(_DOUBLED))) % 10 == 0
