"""The match of a day: our purchases and what the ledger paid for them × the supplier's lines. Pure, in Polars.

Both sides are frames; `offset` says in which day an item stands, counted from the day that is matched: −1, 0, 1. Only
items of offset 0 are classified, each once; those beside them are there to tell late from missing.

    theirs   statement_id · line_no · offset · ref_id · supplier_ref · quantity · amount_e4 · status
    ours     attempt_id · refund · offset · supplier_ref · quantity · booked_e4 · cost_e4 · counts

`booked_e4` is the ledger's transfer, `cost_e4` what the purchase says it cost, `counts` whether we hold that it was
bought. A purchase and what came back of it are two items.

    one side only        missing (ours), extra (theirs)
    a second line        duplicate
    in another day       late
    one bought, one not  status
    transfer ≠ purchase  books
    else                 amount, quantity, matched
"""

from typing import TYPE_CHECKING, Any, cast

from commissary.base.errors import Refused
from commissary.settlement.types import MATCHED, Found, Kind, Match, SettlementRefusal

if TYPE_CHECKING:
    import polars

KEY = ["attempt_id", "refund"]


def match(ours: "polars.DataFrame", theirs: "polars.DataFrame") -> Match:
    """Every item of the day in one class. Refuses `matching_not_installed`."""
    pl = polars_()
    c, lit, when = pl.col, pl.lit, pl.when
    lines = _named(ours, theirs)
    # The first line of a purchase is the one of its own day; whatever else names the same purchase is a duplicate.
    own = ours.select(*KEY, own=c("offset"))
    ranked = (
        lines.join(own, on=KEY, how="left")
        .sort((c("offset") != c("own")).fill_null(True), "offset", "statement_id", "line_no")
        .with_columns(second=c("attempt_id").is_not_null() & (pl.int_range(pl.len()).over(KEY) > 0))
        .drop("own")
    )
    seconds = ranked.filter(c("second") & (c("offset") == 0))
    strays = ranked.filter(c("attempt_id").is_null() & (c("offset") == 0))
    mains = ranked.filter(~c("second") & c("attempt_id").is_not_null()).rename(
        {"offset": "their_offset", "quantity": "their_quantity"}
    )
    both = ours.join(mains, on=KEY, how="left").filter(
        ((c("offset") == 0) & c("counts")) | (c("their_offset") == 0)
    )
    charged = when(c("status") == "failed").then(0).otherwise(c("amount_e4"))
    apart = c("counts") & (c("offset") != c("their_offset"))
    here = c("offset") == 0
    both = both.with_columns(
        kind=when(c("line_no").is_null())
        .then(lit("missing"))
        .when(apart)
        .then(lit("late"))
        .when(c("counts") != (c("status") != "failed"))
        .then(lit("status"))
        .when(c("counts") & (c("booked_e4") != c("cost_e4")))
        .then(lit("books"))
        .when(charged != c("booked_e4"))
        .then(lit("amount"))
        .when(c("counts") & (c("quantity") != c("their_quantity")))
        .then(lit("quantity"))
        .otherwise(lit(MATCHED)),
        # Of a late one this day has one side only.
        ours_e4=when(c("counts") & (~apart.fill_null(False) | here)).then(c("booked_e4")).otherwise(0),
        theirs_e4=when(c("line_no").is_null() | (apart & here)).then(0).otherwise(charged),
        by_line=c("line_no").is_not_null() & ~here,
        other=when(apart & here).then(c("their_offset")).when(apart).then(c("offset")).otherwise(None),
    )
    matched = both.filter(c("kind") == MATCHED)
    counts = {str(kind): int(n) for kind, n in both.group_by("kind").len().iter_rows()}
    for kind, frame in (("duplicate", seconds), ("extra", strays)):
        if frame.height:
            counts[kind] = counts.get(kind, 0) + frame.height
    found = [
        Found(
            f"l{statement_id}:{line_no}" if by_line else f"a{attempt_id}:{'r' if refund else 'p'}",
            cast(Kind, kind),
            attempt_id,
            refund,
            statement_id,
            line_no,
            ours_e4,
            theirs_e4,
            other,
        )
        for by_line, attempt_id, refund, kind, statement_id, line_no, ours_e4, theirs_e4, other in both.filter(
            c("kind") != MATCHED
        )
        .select("by_line", *KEY, "kind", "statement_id", "line_no", "ours_e4", "theirs_e4", "other")
        .iter_rows()
    ]
    for kind, frame in (("duplicate", seconds), ("extra", strays)):
        wanted = frame.with_columns(charged=charged).select(*KEY, "statement_id", "line_no", "charged")
        found += [
            Found(f"l{row[2]}:{row[3]}", cast(Kind, kind), row[0], row[1], row[2], row[3], 0, row[4], None)
            for row in wanted.iter_rows()
        ]
    return Match(
        counts,
        _sum(matched, c("theirs_e4")),
        _sum(ours.filter(here & c("counts")), c("booked_e4")),
        _sum(theirs.filter(here), charged),
        found,
    )


def _named(ours: "polars.DataFrame", theirs: "polars.DataFrame") -> "polars.DataFrame":
    """Whose purchase each line names: by our reference, else by the supplier's where that is one purchase's alone."""
    pl = polars_()
    c = pl.col
    known = ours.select("attempt_id").unique().with_columns(known=pl.lit(True))
    by_theirs = (
        ours.filter(c("supplier_ref") != "")
        .select("supplier_ref", by_theirs="attempt_id")
        .unique()
        .filter(pl.len().over("supplier_ref") == 1)
    )
    lines = theirs.join(known, left_on="ref_id", right_on="attempt_id", how="left").join(
        by_theirs, on="supplier_ref", how="left"
    )
    return lines.select(
        attempt_id=pl.when(c("known")).then(c("ref_id")).otherwise(c("by_theirs")),
        refund=c("status") == "refunded",
        **{
            name: c(name) for name in ("statement_id", "line_no", "offset", "quantity", "amount_e4", "status")
        },
    ).pipe(_only_items, ours)


def _only_items(lines: "polars.DataFrame", ours: "polars.DataFrame") -> "polars.DataFrame":
    """A refund of a purchase that gave nothing back in our books is no item of ours, so the line names none."""
    pl = polars_()
    items = ours.select(*KEY).with_columns(item=pl.lit(True))
    named = pl.when(pl.col("item")).then(pl.col("attempt_id")).otherwise(None)
    return lines.join(items, on=KEY, how="left").with_columns(attempt_id=named).drop("item")


def _sum(frame: "polars.DataFrame", of: "polars.Expr") -> int:
    """Exact: integers of 64 bits."""
    return int(frame.select(of.cast(polars_().Int64).sum()).item())


def polars_() -> Any:
    """Polars, which is an extra. Refuses `matching_not_installed`."""
    try:
        import polars
    except ModuleNotFoundError:
        raise Refused(SettlementRefusal.matching_not_installed) from None
    return polars


def frames(ours: bytes, theirs: bytes) -> "tuple[polars.DataFrame, polars.DataFrame]":
    """From CSV without a header, as PostgreSQL copies it out, in the order of columns above."""
    pl = polars_()
    mine = {
        "attempt_id": pl.Int64,
        "refund": pl.String,
        "offset": pl.Int64,
        "supplier_ref": pl.String,
        "quantity": pl.Int64,
        "booked_e4": pl.Int64,
        "cost_e4": pl.Int64,
        "counts": pl.String,
    }
    yours = {
        "statement_id": pl.Int64,
        "line_no": pl.Int64,
        "offset": pl.Int64,
        "ref_id": pl.Int64,
        "supplier_ref": pl.String,
        "quantity": pl.Int64,
        "amount_e4": pl.Int64,
        "status": pl.String,
    }
    flags = [(pl.col(name) == "t").alias(name) for name in ("refund", "counts")]
    return _csv(ours, mine).with_columns(flags), _csv(theirs, yours)


def _csv(data: bytes, schema: "dict[str, polars.DataType]") -> "polars.DataFrame":
    pl = polars_()
    if not data:
        return cast("polars.DataFrame", pl.DataFrame(schema=schema))
    return cast(
        "polars.DataFrame",
        pl.read_csv(data, has_header=False, schema=schema).with_columns(pl.col("supplier_ref").fill_null("")),
    )
