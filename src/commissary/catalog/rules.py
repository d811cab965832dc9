"""Decisions about goods: what a top-up asks for, what may be listed, which tax rule and limit hold. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from commissary.base.errors import FieldFault
from commissary.catalog.types import (
    AccountRefusal,
    FieldSpec,
    Limit,
    ListingFault,
    NumberFacts,
    SkuDraft,
    TaxRule,
)

MAX_FIELDS = 20
MAX_COMPONENTS = 20

# Input fields of top-ups ------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_PHONE = re.compile(r"1[3-9][0-9]{9}|\+[1-9][0-9]{5,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_REGION = re.compile(r"CN-[A-Z]{2}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def check_fields(
    specs: Sequence[FieldSpec], given: Mapping[str, str]
) -> tuple[dict[str, str], list[FieldFault]]:
    """The values as they are stored (trimmed; a phone without spaces or +86), and every fault by field name."""
    clean: dict[str, str] = {}
    faults: list[FieldFault] = []
    for spec in specs:
        value = given.get(spec.name)
        text = _normal(spec, value) if isinstance(value, str) else None
        if value is not None and text is None:
            faults.append(FieldFault(spec.name, f"{spec.label_en} must be text / {spec.label_zh}必须为文本"))
        elif not text:
            if spec.required:
                faults.append(FieldFault(spec.name, f"{spec.label_en} is missing / 缺少{spec.label_zh}"))
        elif (fault := _fault(spec, text)) is not None:
            en, zh = fault
            faults.append(FieldFault(spec.name, f"{spec.label_en} {en} / {spec.label_zh}{zh}"))
        else:
            clean[spec.name] = text
    known = {spec.name for spec in specs}
    faults += [
        FieldFault(name[:60], "is not a field of this SKU / 该商品没有此字段")
        for name in given
        if name not in known
    ]
    return clean, faults


def check_specs(specs: Sequence[FieldSpec]) -> list[FieldFault]:
    """Faults of the template itself, found when an operator writes it."""
    faults = []
    if len(specs) > MAX_FIELDS:
        faults.append(FieldFault("fields", f"at most {MAX_FIELDS} fields / 最多 {MAX_FIELDS} 个字段"))
    if len({s.name for s in specs}) < len(specs):
        faults.append(FieldFault("fields", "two fields have the same name / 字段名重复"))
    if sum(s.target for s in specs) > 1:
        faults.append(
            FieldFault("fields", "only one field is the account topped up / 充值账号字段只能有一个")
        )
    for i, spec in enumerate(specs):
        at = f"fields[{i}]"
        if not _NAME.fullmatch(spec.name):
            faults.append(
                FieldFault(f"{at}.name", "lower-case letters, digits, _ / 字段名为小写字母、数字或下划线")
            )
        if not (spec.label_zh and spec.label_en):
            faults.append(FieldFault(f"{at}.label_zh", "both labels are needed / 中英文标签均需填写"))
        if not 0 < spec.min_length <= spec.max_length <= 200:
            faults.append(FieldFault(f"{at}.max_length", "1 ≤ min ≤ max ≤ 200 / 长度范围应为 1–200"))
        if (spec.type == "choice") != bool(spec.choices) or len(spec.choices) > 200:
            faults.append(
                FieldFault(
                    f"{at}.choices", "1 to 200 for a choice, else none / 仅选择类字段需要 1–200 个选项"
                )
            )
        if spec.pattern is not None and not safe_pattern(spec.pattern):
            faults.append(FieldFault(f"{at}.pattern", "not a simple enough pattern / 正则过于复杂或格式错误"))
        if spec.checked and not spec.target:
            faults.append(FieldFault(f"{at}.checked", "only the account is checked / 仅充值账号字段可校验"))
        if (spec.carrier or spec.region) and not (spec.target and spec.type == "phone"):
            faults.append(
                FieldFault(f"{at}.carrier", "only an account that is a phone number / 仅手机号充值账号可限定")
            )
        if spec.region is not None and not _REGION.fullmatch(spec.region):
            faults.append(FieldFault(f"{at}.region", "such as CN-GD / 格式如 CN-GD"))
    return faults


def judge_account(spec: FieldSpec, facts: NumberFacts) -> AccountRefusal | None:
    """Why these goods cannot be had for that account; the first reason of the catalogue. What is not known refuses
    nothing."""
    if facts.dead:
        return AccountRefusal.account_dead
    if facts.ported and spec.ported == "refuse":
        return AccountRefusal.account_ported
    if spec.carrier is not None and facts.carrier not in (None, spec.carrier):
        return AccountRefusal.account_wrong_operator
    if spec.region is not None and facts.region not in (None, spec.region):
        return AccountRefusal.account_region
    return None


def safe_pattern(pattern: str) -> bool:
    """A pattern that no buyer's text can make slow: no repeated group, no look-around or back-reference, and at most
    two open-ended repeats, so the work is at most the square of 200 characters."""
    if not 1 <= len(pattern) <= 200:
        return False
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern)
    if re.search(r"\)[*+?{]|\(\?|\\[0-9]", bare) or re.search(r"\\[0-9]", pattern):
        return False
    if len(re.findall(r"[*+]|\{[0-9]*,[0-9]*\}", bare)) > 2:
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return True


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _normal(spec: FieldSpec, value: str) -> str:
    text = value.strip()
    if spec.type == "phone":
        text = re.sub(r"[\s\-()]", "", text)
        return re.sub(r"^(?:\+86|0086)(?=1[3-9][0-9]{9}$)", "", text)
    return text


def _fault(spec: FieldSpec, text: str) -> tuple[str, str] | None:
    if not spec.min_length <= len(text) <= spec.max_length:
        lengths = f"{spec.min_length}–{spec.max_length}"
        return f"must have {lengths} characters", f"长度应为 {lengths} 个字符"
    if _CONTROL.search(text):
        return "has invisible characters", "含有不可见字符"
    if spec.type == "choice" and text not in spec.choices:
        shown = ", ".join(spec.choices[:20])
        return f"must be one of: {shown}", f"须为以下之一：{shown}"
    if spec.type == "digits" and not _DIGITS.fullmatch(text):
        return "must be digits only", "只能为数字"
    if spec.type == "phone" and not _PHONE.fullmatch(text):
        return "is not a phone number", "不是有效的手机号码"
    if spec.type == "email" and not _EMAIL.fullmatch(text):
        return "is not an e-mail address", "不是有效的邮箱地址"
    if spec.pattern is not None and not _compiled(spec.pattern).fullmatch(text):
        return "has the wrong form", "格式不正确"
    return None


# What may be listed -----------------------------------------------------------------------------------------------

STORED_VALUE = frozenset({"stored_value_single", "stored_value_multi"})


def judge_listing(
    sku: SkuDraft, limits: Iterable[Limit], at: datetime, *, issued_by_mall: bool = False
) -> list[ListingFault]:
    """Why these goods may not be listed now; nothing when they may. A bundle is judged by its parts.

    Sources: 商务部令2012第9号 article 2 and 七部委2011 (one company's cards, their caps and validity); 非银行支付机构条例
    article 15 (several companies' cards need a licence). A single-item voucher is no prepaid card.
    """
    if sku.kind == "bundle":
        return []
    faults = [
        ListingFault("incomplete", path, "is not set", "未设置")
        for path in ("instrument_class", "issuer", "redeem_scope", "registered", "tax_category")
        if getattr(sku, path) in (None, "")
    ]
    if sku.instrument_class in STORED_VALUE and sku.face_value_e4 is None:
        faults.append(ListingFault("incomplete", "face_value_e4", "is not set", "未设置"))
    if faults:
        return faults
    if sku.instrument_class == "stored_value_multi":
        return _of_licence(sku, at, issued_by_mall)
    if sku.instrument_class == "stored_value_single":
        return _of_single_purpose(sku, limits, at)
    return []


def _of_licence(sku: SkuDraft, at: datetime, issued_by_mall: bool) -> list[ListingFault]:
    faults = []
    if issued_by_mall:
        en = "the mall itself may not issue a balance that several companies redeem"
        faults.append(ListingFault("own_cross_brand_balance", "issuer", en, "平台自身不得发行跨主体通兑余额"))
    for path in ("issuer_licence_no", "issuer_licence_expires", "issuer_licence_sha256"):
        if not getattr(sku, path):
            en = "several companies redeem it, so its issuer needs a payment licence on file"
            faults.append(ListingFault("licence_missing", path, en, "多用途预付卡须登记发行方支付牌照"))
    expires = sku.issuer_licence_expires
    if expires is not None and _midnight(expires) <= at:
        faults.append(
            ListingFault(
                "licence_expired", "issuer_licence_expires", "the licence has expired", "发行方牌照已过期"
            )
        )
    return faults


def _of_single_purpose(sku: SkuDraft, limits: Iterable[Limit], at: datetime) -> list[ListingFault]:
    if sku.redeem_scope == "several":
        en = "what several unrelated companies redeem is a multi-purpose card"
        return [ListingFault("scope_is_multi_purpose", "redeem_scope", en, "跨法人兑付属于多用途预付卡")]
    assert sku.registered is not None
    assert sku.face_value_e4 is not None
    limit = limit_at(limits, sku.jurisdiction, "stored_value_single", sku.registered, at)
    if limit is None:
        en = "no limits are on file for this jurisdiction"
        return [ListingFault("no_limit_on_file", "jurisdiction", en, "该辖区暂无限额数据")]
    faults = []
    if sku.face_currency != limit.currency:
        en = f"the limit is in {limit.currency}"
        faults.append(
            ListingFault("limit_in_other_currency", "face_currency", en, f"限额币种为 {limit.currency}")
        )
    elif sku.face_value_e4 > limit.max_face_e4:
        most = limit.max_face_e4 // 10_000
        en, zh = f"at most {most} {limit.currency} per card", f"单张面值不得超过 {most} {limit.currency}"
        faults.append(ListingFault("face_over_limit", "face_value_e4", en, zh))
    if sku.validity_days is not None:
        if not limit.may_expire:
            faults.append(
                ListingFault(
                    "may_not_expire", "validity_days", "registered cards do not expire", "记名卡不得设有效期"
                )
            )
        elif sku.validity_days < longest_days(limit.min_validity_months):
            months = limit.min_validity_months
            en, zh = f"must hold at least {months} months", f"有效期不得少于 {months} 个月"
            faults.append(ListingFault("validity_too_short", "validity_days", en, zh))
    return faults


@lru_cache
def longest_days(months: int) -> int:
    """The most days that many calendar months can have: three years are 1095 or 1096, and a SKU is sold on any day."""
    years, rest = divmod(months, 12)
    begin = date(2024, 1, 1)  # one turn of the four-year cycle
    best = 0
    for offset in range(1461):
        day = begin + timedelta(days=offset)
        year, month = day.year + years + (day.month - 1 + rest) // 12, (day.month - 1 + rest) % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        best = max(best, (date(year, month, min(day.day, last)) - day).days)
    return best


# Dated data -------------------------------------------------------------------------------------------------------


def limit_at(
    limits: Iterable[Limit], jurisdiction: str, instrument_class: str, registered: bool, at: datetime
) -> Limit | None:
    """The limit that holds at that instant; a region without its own (`CN-11`) has its country's."""
    best: Limit | None = None
    for limit in limits:
        if limit.instrument_class != instrument_class or limit.registered != registered:
            continue
        if not _holds(limit.valid_from, limit.valid_to, at):
            continue
        if limit.jurisdiction == jurisdiction:
            return limit
        if limit.jurisdiction == jurisdiction[:2]:
            best = limit
    return best


def tax_rule_at(
    rules: Iterable[TaxRule], category: str, instrument_class: str, fund_mode: str, at: datetime
) -> TaxRule | None:
    """The rule that holds at that instant (intervals are half-open), or None: such a line cannot be invoiced."""
    for rule in rules:
        same = (rule.category, rule.instrument_class, rule.fund_mode) == (
            category,
            instrument_class,
            fund_mode,
        )
        if same and _holds(rule.valid_from, rule.valid_to, at):
            return rule
    return None


def _holds(valid_from: datetime, valid_to: datetime | None, at: datetime) -> bool:
    return valid_from <= at and (valid_to is None or at < valid_to)


def _midnight(day: date) -> datetime:
    """A licence is good through its last day, taken where days end last before ours do: UTC+8's midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) - timedelta(hours=8)
