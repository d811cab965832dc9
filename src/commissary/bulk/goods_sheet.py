"""A sheet of SKUs: what each row would create or change, and what is wrong with it.

facts   SKUs, products and the versions that the rows were exported from     one transaction
judge   row by row, pure                                                      what the dry run shows is what a commit does
apply   a row in its own savepoint, with its outcome beside it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args

import msgspec

from commissary import catalog
from commissary.base import db, money
from commissary.base.table_out import unguarded
from commissary.bulk.types import IGNORED, Change, Problem, Row
from commissary.catalog.types import FundMode, InstrumentClass, Kind, RedeemScope, Sku, SkuDraft

# Role → what the column is called in a file. The first is how we write it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sku_id": ("sku_id", "SKU", "商品 ID", "商品ID"),
    "version": ("version", "版本"),
    "product_id": ("product_id", "产品 ID", "产品ID"),
    "product": ("product", "产品", "产品名称"),
    "code": ("code", "货号", "商品编码", "article no"),
    "name_zh": ("name_zh", "中文名", "名称", "商品名称", "name"),
    "name_en": ("name_en", "英文名", "英文名称"),
    "kind": ("kind", "类型"),
    "face_value_e4": ("face_value", "面值"),
    "face_currency": ("face_currency", "面值币种"),
    "validity_days": ("validity_days", "有效天数"),
    "period_months": ("period_months", "周期月数"),
    "case_sensitive": ("case_sensitive", "区分大小写"),
    "instrument_class": ("instrument_class", "券类"),
    "issuer": ("issuer", "发行方"),
    "redeem_scope": ("redeem_scope", "兑付范围"),
    "registered": ("registered", "记名"),
    "tax_category": ("tax_category", "税收分类"),
    "jurisdiction": ("jurisdiction", "法域"),
    "issuer_licence_no": ("issuer_licence_no", "许可证号"),
    "issuer_licence_expires": ("issuer_licence_expires", "许可证到期日"),
    "fund_mode": ("fund_mode", "资金模式"),
    "release_at": ("release_at", "发布时间"),
    "max_quantity": ("max_quantity", "单次限购"),
    "low_stock": ("low_stock", "库存预警"),
    "status": ("status", "状态"),  # shown, never read: listing is an act of its own
}
FIELDS = tuple(r for r in COLUMNS if r not in ("sku_id", "version", "product", "status"))
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "instrument_class": get_args(InstrumentClass),
    "redeem_scope": get_args(RedeemScope),
    "fund_mode": get_args(FundMode),
}
INTEGERS = frozenset({"validity_days", "period_months", "max_quantity", "low_stock"})
FLAGS = frozenset({"case_sensitive", "registered"})
REQUIRED = frozenset({"code", "name_zh", "name_en", "kind"})
KEEP = frozenset(
    {"case_sensitive", "jurisdiction", "fund_mode", "max_quantity"}
)  # empty: as it is, or the default
YES, NO = frozenset({"true", "yes", "y", "1", "是"}), frozenset({"false", "no", "n", "0", "否"})


@dataclass(frozen=True)
class Facts:
    by_id: Mapping[int, Sku]
    by_code: Mapping[str, Sku]
    products: Mapping[int, str]
    by_name: Mapping[str, list[int]]
    shown: Mapping[tuple[int, int], Mapping[str, Any]]
    at: datetime


@dataclass(frozen=True)
class Plan:
    """What a row would do. `sku` None: it makes a new one of `draft`."""

    line: int
    sku: Sku | None
    changes: Mapping[str, Any]
    draft: SkuDraft | None
    shown: tuple[Change, ...]


@dataclass(frozen=True)
class Judged:
    plans: list[Plan]
    same: list[tuple[int, int]]  # (line, SKU)
    errors: list[Problem]
    warnings: list[Problem]


def text_of(sku: Sku, role: str, product: str = "") -> str:
    """A cell as we write it."""
    if role == "sku_id":
        return str(sku.id)
    if role == "product":
        return product
    return _shown(role, getattr(sku, role))


def _shown(role: str, value: Any) -> str:
    if value is None:
        return ""
    if role == "face_value_e4":
        return money.text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


async def facts(tx: db.Tx, mall: int, rows: Sequence[Row], roles: Sequence[str], at: datetime) -> Facts:
    skus = await catalog.every_sku(tx, mall)
    products = await catalog.products_of(tx, mall)
    by_name: dict[str, list[int]] = {}
    for id_, zh, en, brand_zh, _ in products:
        for name in {zh, en, f"{brand_zh} / {zh}"}:
            by_name.setdefault(name, []).append(id_)
    by_id = {sku.id: sku for sku in skus}
    wanted = set()
    for row in rows:
        cells = _cells(row, roles)
        sku, version = cells.get("sku_id", ""), cells.get("version", "")
        if _whole(sku) and _whole(version) and int(sku) in by_id and by_id[int(sku)].version != int(version):
            wanted.add((int(sku), int(version)))
    shown = await catalog.versions_shown(tx, mall, sorted(wanted))
    return Facts(by_id, {s.code: s for s in skus}, {p[0]: p[1] for p in products}, by_name, shown, at)


async def judge(tx: db.Tx, mall: int, rows: Sequence[Row], roles: Sequence[str], at: datetime) -> Judged:
    """Every row, in file order, but for what listed goods may be: that is asked at the end, of those that would change."""
    known = await facts(tx, mall, rows, roles, at)
    found = Judged([], [], [], [])
    seen: dict[str, int] = {}
    for row in rows:
        _judge_row(row, roles, known, seen, found)
    listed = {
        plan.line: msgspec.structs.replace(plan.sku, **plan.changes)
        for plan in found.plans
        if plan.sku is not None and plan.sku.status == "listed"
    }
    faults = await catalog.listing_faults(tx, mall, list(listed.values()), at) if listed else {}
    refused = {line: faults[sku.id][0] for line, sku in listed.items() if faults.get(sku.id)}
    for line, fault in refused.items():
        found.errors.append(
            Problem(line, f"listing_{fault.reason}", fault.zh, fault.en, _column(roles, fault.path))
        )
    plans = [plan for plan in found.plans if plan.line not in refused]
    return Judged(plans, found.same, sorted(found.errors, key=lambda p: p.line), found.warnings)


def _judge_row(row: Row, roles: Sequence[str], known: Facts, seen: dict[str, int], found: Judged) -> None:
    if row.fault is not None:
        reason, zh, en, column = row.fault
        found.errors.append(Problem(row.line, reason, zh, en, column))
        return
    cells = _cells(row, roles)
    sku, problem = _subject(row.line, cells, roles, known)
    if problem is None:
        key = str(sku.id) if sku else f"code {cells.get('code', '')}"
        if key in seen:
            problem = _problem(
                row.line, "repeated_row", roles, "sku_id" if sku else "code", found=str(seen[key])
            )
        seen.setdefault(key, row.line)
    if problem is not None:
        found.errors.append(problem)
        return
    values, problems = _values(row.line, cells, roles, known, new=sku is None)
    if problems:
        found.errors.extend(problems)
        return
    plan = (
        _creation(row.line, values, roles, found)
        if sku is None
        else _edit(row, sku, values, cells, roles, known, found)
    )
    if plan is not None:
        found.plans.append(plan)


def _subject(
    line: int, cells: Mapping[str, str], roles: Sequence[str], known: Facts
) -> tuple[Sku | None, Problem | None]:
    id_, code = cells.get("sku_id", ""), cells.get("code", "")
    if id_:
        sku = known.by_id.get(int(id_)) if _whole(id_) else None
        return (sku, None) if sku else (None, _problem(line, "sku_unknown", roles, "sku_id", found=id_))
    if code in known.by_code:
        return known.by_code[code], None
    if not code:
        return None, _problem(line, "value_missing", roles, "code")
    return None, None


def _values(
    line: int, cells: Mapping[str, str], roles: Sequence[str], known: Facts, *, new: bool
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for role in (r for r in FIELDS if r in cells):
        text = cells[role]
        if not text:
            if role in REQUIRED or (role == "product_id" and not new):
                problems.append(_problem(line, "value_missing", roles, role))
            elif role not in KEEP and role != "product_id":
                values[role] = None
            continue
        try:
            values[role] = _value(role, text, known)
        except ValueError as why:
            reason, _, expected = str(why).partition("|")
            problems.append(_problem(line, reason, roles, role, expected=expected, found=text))
    if cells.get("product") and "product_id" not in values:
        named = known.by_name.get(cells["product"], [])
        if len(named) == 1:
            values["product_id"] = named[0]
        elif new:
            problems.append(_problem(line, "product_unknown", roles, "product", found=cells["product"]))
    return values, problems


def _value(role: str, text: str, known: Facts) -> Any:
    """ValueError("reason|what was expected")."""
    if role in CHOICES:
        if text not in CHOICES[role]:
            raise ValueError(f"choice_unknown|{' · '.join(CHOICES[role])}")
        return text
    if role == "face_value_e4":
        try:
            return money.parse(text)
        except ValueError:
            raise ValueError("amount_unreadable|12.50") from None
    if role in INTEGERS:
        if not _whole(text) and not (role == "low_stock" and text == "0"):
            raise ValueError("number_unreadable|12")
        return int(text)
    if role in FLAGS:
        if text.casefold() not in YES | NO:
            raise ValueError("choice_unknown|true · false")
        return text.casefold() in YES
    if role == "product_id":
        if not _whole(text) or int(text) not in known.products:
            raise ValueError("product_unknown|")
        return int(text)
    if role == "issuer_licence_expires":
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise ValueError("date_unreadable|2027-12-31") from None
    if role == "release_at":
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise ValueError("time_unreadable|2027-01-01T00:00:00+08:00")
        return at
    return text


def _creation(line: int, values: Mapping[str, Any], roles: Sequence[str], found: Judged) -> Plan | None:
    missing = [r for r in ("product_id", "code", "name_zh", "name_en", "kind") if values.get(r) is None]
    if missing:
        found.errors.extend(_problem(line, "value_missing", roles, role) for role in missing)
        return None
    if values["kind"] == "bundle":
        found.errors.append(_problem(line, "bundle_not_in_sheet", roles, "kind", found="bundle"))
        return None
    draft = SkuDraft(**values)
    if faults := catalog.form_faults(draft):
        found.errors.extend(_form(line, roles, f.path, f.message) for f in faults)
        return None
    shown = Change(line, None, str(values["name_zh"]), "code", None, str(values["code"]))
    return Plan(line, None, {}, draft, (shown,))


def _edit(
    row: Row, sku: Sku, values: Mapping[str, Any], cells: Mapping[str, str], roles: Sequence[str], known: Facts,
    found: Judged,
) -> Plan | None:  # fmt: skip
    line = row.line
    changes = {role: value for role, value in values.items() if not _alike(getattr(sku, role), value)}
    version = cells.get("version", "")
    if _whole(version) and int(version) != sku.version:
        # Somebody changed it since: what this file did not touch stays as he made it.
        body = known.shown.get((sku.id, int(version)))
        changes = {r: v for r, v in changes.items() if body is None or not _untouched(r, v, body)}
        if changes:
            role = next(iter(changes))
            found.errors.append(
                _problem(
                    line, "changed_meanwhile", roles, role,
                    expected=text_of(sku, role), found=_shown(role, changes[role]),
                )
            )  # fmt: skip
            return None
    if not changes:
        found.same.append((line, sku.id))
        return None
    if faults := catalog.form_faults(msgspec.structs.replace(sku, **changes)):
        found.errors.extend(_form(line, roles, f.path, f.message) for f in faults)
        return None
    if sku.status != "draft" and {"kind", "case_sensitive"} & changes.keys():
        role = "kind" if "kind" in changes else "case_sensitive"
        found.errors.append(_problem(line, "kind_is_fixed", roles, role, expected=text_of(sku, role)))
        return None
    taken = known.by_code.get(str(changes.get("code", "")))
    if taken is not None and taken.id != sku.id:
        found.errors.append(_problem(line, "sku_code_taken", roles, "code", found=taken.code))
        return None
    shown = tuple(
        Change(line, sku.id, sku.name_zh, role, text_of(sku, role), _shown(role, value))
        for role, value in changes.items()
    )
    return Plan(line, sku, changes, None, shown)


def _alike(now: Any, value: Any) -> bool:
    """White space at the ends does not survive a sheet, and is nothing that anybody edits there."""
    return bool(now == value or (isinstance(now, str) and now.strip() == (value or "")))


def _untouched(role: str, value: Any, body: Mapping[str, Any]) -> bool:
    """Whether the file says what it was exported with."""
    if role == "product_id":
        return str(value) == str(body.get("product", {}).get("id"))
    if role not in body:
        return False
    if role == "release_at" and body[role] is not None and value is not None:
        return bool(datetime.fromisoformat(body[role]) == value)
    return bool(body[role] == value)


def _cells(row: Row, roles: Sequence[str]) -> dict[str, str]:
    return {
        role: unguarded(row.cells[n]).strip() if n < len(row.cells) else ""
        for n, role in enumerate(roles)
        if role != IGNORED
    }


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 19 and 0 < int(text) < 2**63


def _column(roles: Sequence[str], role: str) -> int | None:
    return roles.index(role) if role in roles else None


def _problem(
    line: int, reason: str, roles: Sequence[str], role: str, *, expected: str = "", found: str = ""
) -> Problem:
    zh, en = REPAIRS[reason]
    return Problem(line, reason, zh, en, _column(roles, role), expected, found[:200])


def _form(line: int, roles: Sequence[str], path: str, message: str) -> Problem:
    """A fault of the form, which says both languages in one text."""
    en, _, zh = message.partition(" / ")
    role = path.partition("[")[0]
    return Problem(line, f"form_{role}", zh or en, en, _column(roles, role))


# What a person does about it: (中文, English).
REPAIRS: Mapping[str, tuple[str, str]] = {
    "value_missing": ("补填必填项", "Fill in what is required"),
    "sku_unknown": ("商品 ID 不存在：请核对，或清空以新建", "No SKU has this id: correct it, or empty it to make a new one"),
    "product_unknown": ("产品不存在或重名：请先新建产品，或填写产品 ID", "No product, or several, of this name: add it first, or give its id"),
    "repeated_row": ("同一商品出现多次：保留一行", "The same SKU stands twice: keep one row"),
    "choice_unknown": ("改为允许的取值之一", "Use one of the values that are allowed"),
    "amount_unreadable": ("填写金额，最多 4 位小数", "Write an amount with at most 4 decimals"),
    "number_unreadable": ("填写正整数", "Write a whole number"),
    "date_unreadable": ("填写日期，如 2027-12-31", "Write a date such as 2027-12-31"),
    "time_unreadable": ("填写带时区的时间", "Write a time with its zone"),
    "bundle_not_in_sheet": ("组合商品请在商品页新建", "Make bundles on the page of goods"),
    "changed_meanwhile": ("他人已修改：请重新导出，或改回现值", "Somebody changed it meanwhile: export again, or write what holds now"),
    "kind_is_fixed": ("已上架过的商品不可更改", "It was on sale before: this cannot change"),
    "sku_code_taken": ("货号已被其他商品占用", "Another SKU has this article number"),
}  # fmt: skip
