"""The product measured in small: the figures mean nothing, the shape and the books must be right."""

from typing import Any

import click
import msgspec
import psycopg
import pytest

from bench import mall, place, product
from commissary import app
from commissary.cli import reach


@pytest.mark.slow
def test_a_small_run_sells_measures_and_leaves_clean_books(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audited: list[tuple[int, int, list[str]]] = []
    audit = product.broken

    def counting(on: app.Ground) -> list[str]:
        with psycopg.connect(on.admin_dsn) as db:
            row = db.execute(
                """select (select count(*) from orders.orders), (select count(distinct mall_id) from tenancy.api_key)"""
            ).fetchone()
        assert row
        audited.append((*row, audit(on)))
        return audited[-1][-1]

    monkeypatch.setattr(product, "broken", counting)
    result = product.run_place(
        1,
        1.0,
        grown=False,
        as_json=True,
        skus=12,
        buyers=12,
        orders_per_s=16_000,
        warm_seconds=1.5,  # the naive endpoint needs a second for its first answers
        yardstick_codes=60_000,  # more than a fast machine sells in that time
    )
    *_, last = capsys.readouterr().out.splitlines()
    assert msgspec.json.decode(last) == msgspec.to_builtins(result)
    assert set(result.medians) == {
        "http_single",
        "http_hot",
        "http_bulk",
        "half_load",
        "orm",
        "handwritten",
        "copy",
    }
    assert all(side["orders_per_s"] > 0 for side in result.medians.values())
    assert all(result.medians[side]["refused"] == 0 for side in ("http_single", "http_hot", "http_bulk"))
    assert result.cpu_us_per_order > 0
    assert [found for _, _, found in audited] == [[]] * (result.rounds + result.discarded)
    assert audited[0][0] > 100, "the round must have sold something for the audit to prove anything"


def test_codes_stocked_in_bulk_pass_the_audit_and_a_missing_one_does_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mall, "CODES_PER_COPY", 70)
    with product.installation() as here, product.ground(here) as on, product.stepping() as step:
        made = reach.run(product.stocked(here, on, 3, 3, step))
        wanted = dict(zip(made.sku_ids, (250, 30, 0), strict=True))
        product.fill_up(here, on, made, wanted)
        assert mall.left(on.admin_dsn, made) == dict(zip(made.sku_ids, (250, 30, 0), strict=True))
        product.fill_up(here, on, made, dict.fromkeys(made.sku_ids, 40))
        assert mall.left(on.admin_dsn, made) == dict(zip(made.sku_ids, (250, 40, 40), strict=True))
        assert product.broken(on) == []
        with psycopg.connect(on.admin_dsn) as db:
            db.execute("delete from stock.code where ctid = (select ctid from stock.code limit 1)")
        assert "i8_every_code_is_there" in "".join(product.broken(on))


def test_imports_are_measured_file_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    result = product.run_import(2, 1500, as_json=True)
    printed: dict[str, Any] = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])
    assert printed == msgspec.to_builtins(result)
    assert (printed["rounds"], printed["codes"]) == (2, 1500)
    assert printed["codes_per_s"] > 100
    assert 0 < printed["cpu_us_per_code"] < 100_000
    assert printed["peak_rss_mb"] > 20
    assert printed["machine"]["cores"] >= 1


def test_broken_books_end_a_run_without_a_figure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product, "broken", lambda _: ["i1_balances_sum_to_zero: off by one"])
    with pytest.raises(click.ClickException, match="i1_balances"):
        product.run_import(1, 100, as_json=True)
    assert capsys.readouterr().out == ""


def test_stock_for_a_pass_covers_every_side_of_it() -> None:
    zipf, hot = product.one_pass(2.0, 100.0)
    assert (zipf, hot) == (500, 200)
    assert place.orders_expected(1, 2.0, 100.0) == (3 * zipf, 3 * hot)
