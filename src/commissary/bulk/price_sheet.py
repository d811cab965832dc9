"""A sheet of prices: SKUs down, books across, and beside each price the version that was exported.

A cell is `9.8750`, or from how many pieces on what: `1:9.8750; 10:9.5000`; an empty one beside a version takes the SKU out of the
book. A price counts as edited when it is not what its version says; one that somebody else has changed since is a conflict on
that row, and one that nobody edited here stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from commissary import catalog, pricing
from commissary.approvals.types import Line
from commissary.base import db, money
from commissary.base.table_out import unguarded
from commissary.bulk import rules
from commissary.bulk.types import IGNORED, Change, Problem, Row
from commissary.pricing.rules import ladder_fault
from commissary.pricing.types import Book, Ladder

BOOK, VERSION = "book:", "version:"
NAMES: Mapping[str, tuple[str, ...]] = {
    "sku_id": ("sku_id", "SKU", "商品 ID", "商品ID"),
    "code": ("code", "货号", "商品编码", "article no"),
}
_NUMBERED = re.compile(r"#\s*([0-9]{1,19})(?!\d)")
_VERSION_WORDS = ("version", "版本")


@dataclass(frozen=True)
class Judged:
    """`ladders`: book → SKU → what it becomes; `lines`: line → (SKU, outcome)."""

    ladders: dict[int, dict[int, Ladder]] = field(default_factory=dict)
    lines: dict[int, tuple[int, str]] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    names: Mapping[int, str]
    by_code: Mapping[str, int]
    held: Mapping[tuple[int, int], Ladder]
    floors: Mapping[int, int]
    by: Mapping[tuple[int, int], str]


def headers_of(books: Sequence[Book]) -> list[str]:
    """As we write them: what `roles_of` reads."""
    pairs = [[f"{b.name} #{b.id}", f"version #{b.id}"] for b in books]
    return ["sku_id", "code", "name", *(name for pair in pairs for name in pair)]


def roles_of(headers: Sequence[str], books: Sequence[Book]) -> tuple[str, ...]:
    """By their numbers, else by the name of a book; a lone column `price` is of the list."""
    known = {b.id: b for b in books}
    names = {b.name: b.id for b in books}
    list_book = next((b.id for b in books if b.kind == "list"), None)
    roles: list[str] = []
    for header in headers:
        plain = header.strip()
        numbered = _NUMBERED.search(plain)
        role = next(
            (r for r, some in NAMES.items() if plain.casefold() in {s.casefold() for s in some}), IGNORED
        )
        if numbered and int(numbered[1]) in known:
            before = plain[: numbered.start()].strip().casefold()
            role = f"{VERSION if before in _VERSION_WORDS else BOOK}{numbered[1]}"
        elif plain in names:
            role = f"{BOOK}{names[plain]}"
        elif plain.casefold() in ("price", "价格", "单价") and list_book is not None:
            role = f"{BOOK}{list_book}"
        roles.append(role if role == IGNORED or role not in roles else IGNORED)
    return tuple(roles)


def books_in(roles: Sequence[str]) -> list[int]:
    return sorted(int(r.removeprefix(BOOK)) for r in roles if r.startswith(BOOK))


async def judge(
    tx: db.Tx,
    mall: int,
    rows: Sequence[Row],
    roles: Sequence[str],
    at: datetime,
    *,
    override_floor: bool = False,
) -> Judged:
    """Every row, in file order. What holds is what holds at `at`, from when the new prices would."""
    skus = await catalog.every_sku(tx, mall)
    books = books_in(roles)
    known = Facts(
        {s.id: s.name_zh for s in skus},
        {s.code: s.id for s in skus},
        await pricing.held(tx, mall, books, None, at),
        {} if override_floor else await pricing.floors_of(tx, mall, [s.id for s in skus], at),
        {},
    )
    judged = Judged()
    seen: dict[int, int] = {}
    for row in rows:
        _judge_row(row, roles, known, seen, judged)
    conflicts = [(n, p) for n, p in enumerate(judged.errors) if p.reason == "changed_meanwhile"]
    for n, problem in conflicts[:50]:
        assert problem.column is not None
        book, sku = int(roles[problem.column].removeprefix(BOOK)), judged.lines[problem.line][0]
        entry = await pricing.last_entry(tx, mall, book, sku)
        if entry is not None:
            judged.errors[n] = Problem(
                problem.line, problem.reason, problem.zh, problem.en, problem.column, problem.expected, problem.found,
                entry.author,
            )  # fmt: skip
    return judged


def _judge_row(row: Row, roles: Sequence[str], known: Facts, seen: dict[int, int], judged: Judged) -> None:
    if row.fault is not None:
        reason, zh, en, column = row.fault
        judged.errors.append(Problem(row.line, reason, zh, en, column))
        return
    cells = [unguarded(c).strip() for c in row.cells]
    cells += [""] * (len(roles) - len(cells))
    sku = _sku(cells, roles, known)
    if sku is None:
        role = "sku_id" if "sku_id" in roles else "code"
        judged.errors.append(
            _problem(row.line, "sku_unknown", roles.index(role), found=cells[roles.index(role)])
        )
        return
    if sku in seen:
        judged.errors.append(_problem(row.line, "repeated_row", None, found=str(seen[sku])))
        return
    seen[sku] = row.line
    judged.lines[row.line] = (sku, "same")
    wanted: list[tuple[int, Ladder, Change]] = []
    problems: list[Problem] = []
    for column, role in enumerate(roles):
        if role.startswith(BOOK):
            _cell(row.line, sku, column, cells, roles, known, wanted, problems)
    if problems:
        judged.errors.extend(problems)
        return
    for book, ladder, change in wanted:
        judged.ladders.setdefault(book, {})[sku] = ladder
        judged.changes.append(change)
        judged.lines[row.line] = (sku, "updated")
        if not ladder.minimums:
            judged.warnings.append(
                _problem(row.line, "leaves_book", roles.index(f"{BOOK}{book}"), found=change.before or "")
            )


def _cell(
    line: int, sku: int, column: int, cells: Sequence[str], roles: Sequence[str], known: Facts,
    wanted: list[tuple[int, Ladder, Change]], problems: list[Problem],
) -> None:  # fmt: skip
    book, text = int(roles[column].removeprefix(BOOK)), cells[column]
    version = cells[roles.index(f"{VERSION}{book}")] if f"{VERSION}{book}" in roles else ""
    now = known.held.get((book, sku), rules.NOTHING)
    if not text and not version:
        return
    try:
        ladder = rules.ladder_of(text)
    except ValueError:
        problems.append(
            _problem(line, "price_unreadable", column, expected="9.8750 · 1:9.8750; 10:9.5000", found=text)
        )
        return
    if ladder == now or (version and rules.ladder_version(ladder) == version):
        return
    if fault := ladder_fault(ladder):
        problems.append(_problem(line, "ladder_wrong", column, expected=fault, found=text))
    elif version and rules.ladder_version(now) != version:
        problems.append(
            _problem(line, "changed_meanwhile", column, expected=rules.ladder_text(now), found=text)
        )
    elif ladder.minimums and min(ladder.prices_e4) < known.floors.get(sku, 0):
        least = money.text(known.floors[sku])
        problems.append(_problem(line, "below_floor", column, expected=f"≥ {least}", found=text))
    else:
        shown = Change(
            line, sku, known.names[sku], roles[column], rules.ladder_text(now), rules.ladder_text(ladder)
        )
        wanted.append((book, ladder, shown))


def _sku(cells: Sequence[str], roles: Sequence[str], known: Facts) -> int | None:
    id_ = cells[roles.index("sku_id")] if "sku_id" in roles else ""
    if id_:
        return int(id_) if id_.isascii() and id_.isdigit() and int(id_) in known.names else None
    return known.by_code.get(cells[roles.index("code")]) if "code" in roles else None


def _problem(line: int, reason: str, column: int | None, *, expected: str = "", found: str = "") -> Problem:
    zh, en = REPAIRS[reason]
    return Problem(line, reason, zh, en, column, expected, found[:200])


# What a person does about it: (中文, English).
REPAIRS: Mapping[str, tuple[str, str]] = {
    "sku_unknown": ("商品不存在：请核对商品 ID 或货号", "No such SKU: correct its id or article number"),
    "repeated_row": ("同一商品出现多次：保留一行", "The same SKU stands twice: keep one row"),
    "price_unreadable": ("填写价格，或按数量分档", "Write a price, or a ladder of them"),
    "ladder_wrong": ("修正阶梯：首档从 1 件起，逐档递增", "Mend the ladder: it begins at one piece and grows"),
    "changed_meanwhile": ("他人已改价：请重新导出，或改为现价", "Somebody changed this price meanwhile: export again, or write what holds now"),
    "below_floor": ("提高到底价以上，或由有权限者放行", "Raise it over its floor, or have it let pass by whoever may"),
    "leaves_book": ("将移出该价目表", "Will leave this book"),
}  # fmt: skip


def counted(lines: Sequence[Line]) -> dict[str, int]:
    """How many prices would change, and which way."""
    return {
        "prices": len(lines),
        "prices_up": sum((line.move_bp or 0) > 0 for line in lines),
        "prices_down": sum((line.move_bp or 0) < 0 for line in lines),
        "prices_new": sum(not line.before for line in lines),
        "prices_gone": sum(not line.after for line in lines),
    }
