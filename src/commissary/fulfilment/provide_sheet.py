"""Results of many requests at once: a sheet of our number and what is provided for it, looked at first.

Each request is provided by itself (`provide.py`), and the same content again is answered as it was: whatever is killed
between two of them, the same sheet goes on from there. Codes of the sheet are in memory only.
"""

from collections.abc import Mapping

import msgspec

from commissary import tenancy
from commissary.base import table_file
from commissary.base.env import Env
from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.table_file import Limits, TableRefusal
from commissary.fulfilment import provide as verbs
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.types import FulfilmentRefusal, ProvidedStatus
from commissary.orders.types import OrderRefusal
from commissary.stock.types import Code
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor

MOST_REQUESTS = 300
LIMITS = Limits(bytes_max=4 * 1024 * 1024, rows_max=20_001)
NAMES = {
    "ref": ("purchase_id", "request_id", "id", "我方单号", "商城单号", "请求编号"),
    "secret": ("secret", "code", "卡密", "密码", "券码", "兑换码"),
    "number": ("number", "card_no", "卡号"),
    "receipt": ("receipt", "凭证号", "流水号", "充值凭证"),
}
CELL_MAX = 1_000


class Given(msgspec.Struct, frozen=True):
    """What the sheet has for one request, from its line `line` on."""

    ref: str
    line: int
    codes: tuple[Code, ...] = ()
    receipt: str = ""

    def __repr__(self) -> str:
        return f"Given({self.ref})"


class Came(msgspec.Struct, frozen=True):
    """What became of it. `refusal`: why it was not taken; None otherwise."""

    ref: str
    line: int
    pieces: int
    status: ProvidedStatus
    refusal: Refusal | None = None


async def provide_sheet(
    env: Env, buying: Buying, actor: Actor, content: bytes, *, file_name: str = "", dry_run: bool = False
) -> list[Came]:
    """Request by request: one that is not taken keeps no other back. `dry_run`: what would be refused, as far as the sheet
    and the requests as they stand say it.

    Refuses results_unreadable, and what `table_file` refuses.
    """
    tenancy.require(actor, "own.supply.write")
    given = read(content, file_name)
    if dry_run:
        open_ = {w.attempt.ref: w for w in await verbs.list_wanted(env, buying, actor, size=5_000)}
        return [_foreseen(g, open_.get(g.ref), verbs.holder_of(actor)) for g in given]
    return [await _provide(env, buying, actor, g) for g in given]


async def _provide(env: Env, buying: Buying, actor: Actor, g: Given) -> Came:
    pieces = len(g.codes) or 1
    try:
        done = await verbs.provide(env, buying, actor, int(g.ref), codes=g.codes, receipt=g.receipt)
    except Refused as refused:
        return Came(g.ref, g.line, pieces, "refused", refused.refusal)
    return Came(g.ref, g.line, pieces, "provided" if done.state == "succeeded" else "in_check")


def _foreseen(g: Given, wanted: verbs.Wanted | None, mine: str) -> Came:
    why: Refusal | None = None
    if wanted is None:
        why = SupplyRefusal.attempt_not_found
    elif wanted.holder not in ("", mine):
        why = FulfilmentRefusal.claimed_by_other
    elif wanted.attempt.kind == "topup":
        why = None if g.receipt and not g.codes else RequestRefusal.invalid_request
    elif len(g.codes) != wanted.attempt.quantity or len({(c.number, c.secret) for c in g.codes}) != len(
        g.codes
    ):
        why = OrderRefusal.wrong_quantity
    return Came(g.ref, g.line, len(g.codes) or 1, "refused" if why else "ready", why)


def read(content: bytes, file_name: str) -> list[Given]:
    """By request, in the order in which they first stand there. Refuses as `provide_sheet`."""
    rows = table_file.open_table(content, filename=file_name, limits=LIMITS)
    header = next(rows, None)
    at = {} if header is None or header.fault else table_file.columns_by_header(header.cells, NAMES).found
    if "ref" not in at or not at.keys() & {"secret", "receipt"}:
        raise Refused(FulfilmentRefusal.results_unreadable)
    found: dict[str, Given] = {}
    for row in rows:
        ref, codes, receipt = _cells(row, at)
        old = found.get(ref, Given(ref, row.line))
        found[ref] = msgspec.structs.replace(old, codes=old.codes + codes, receipt=receipt or old.receipt)
    if not found:
        raise Refused(TableRefusal.file_empty)
    if len(found) > MOST_REQUESTS:
        raise Refused(FulfilmentRefusal.results_too_many, requests_max=MOST_REQUESTS)
    return list(found.values())


def _cells(row: table_file.Row, at: Mapping[str, int]) -> tuple[str, tuple[Code, ...], str]:
    def cell(role: str) -> str:
        column = at.get(role)
        return row.cells[column].strip() if column is not None and column < len(row.cells) else ""

    ref, secret, number, receipt = cell("ref"), cell("secret"), cell("number"), cell("receipt")
    readable = ref.isascii() and ref.isdigit() and len(ref) <= 19 and 0 < int(ref) < 2**63
    if row.fault or not readable or max(len(secret), len(number)) > CELL_MAX or len(receipt) > 200:
        raise Refused(FulfilmentRefusal.results_unreadable, line=row.line)
    if not secret and not receipt:
        raise Refused(FulfilmentRefusal.results_unreadable, line=row.line)
    return ref, (Code(secret, number or None),) if secret else (), receipt
