"""What becomes of each row of a file, exactly; and what a second try changes (nothing)."""

import secrets

from make.stock import Shelf


def codes(count: int) -> list[str]:
    return [f"K{secrets.token_hex(8).upper()}" for _ in range(count)]


async def test_codes_of_a_file_go_on_sale_in_file_order(shelf: Shelf) -> None:
    some = codes(2_500)
    report = await shelf.bring("\n".join(some), chunk=1_000)
    assert (report.state, report.read, report.imported) == ("done", 2_500, 2_500)
    (lot,) = await shelf.rows(
        "select start_seq, next_seq, end_seq, state, unit_cost_e4, unlimited from stock.lot where home_id = %(home)s and sku_id = %(sku)s"
    )
    assert lot == (1, 1, 2_500, "open", 95_000, False)
