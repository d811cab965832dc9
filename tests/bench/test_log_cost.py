"""The log's cost measured in small: the figures mean nothing, but one server keeps a log and the other does not."""

import msgspec
import psycopg
import pytest

from bench import log, mall, place, product
from commissary import app


@pytest.mark.slow
def test_one_server_keeps_the_log_and_the_other_does_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind: dict[bool, list[bool]] = {True: [], False: []}
    measure = log._round

    def watched(
        here: product.Installation, on: app.Ground, made: mall.Mall, kept: bool, rate: float, seconds: float
    ) -> tuple[float, place.Measured]:
        done = measure(here, on, made, kept, rate, seconds)
        with psycopg.connect(on.admin_dsn) as db:
            waiting = db.execute("select exists (select from provenance.homes_behind())").fetchone()
        assert waiting
        behind[kept].append(waiting[0])
        return done

    monkeypatch.setattr(log, "_round", watched)
    result = log.run(1, 1.0, as_json=True, skus=12, buyers=12)
    *_, last = capsys.readouterr().out.splitlines()
    assert msgspec.json.decode(last) == msgspec.to_builtins(result)
    assert behind[False] == [True], "nobody gave the events their places"
    assert min(result.rate_per_s, result.kept_p99_ms, result.unkept_p99_ms, result.cpu_ratio) > 0
