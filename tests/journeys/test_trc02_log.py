"""TRC02 a log that an outsider can check 防篡改日志. A buyer gets the proof of his order seconds after it; the verifier, one file,
accepts it without us and refuses it with a byte changed. Anybody downloads the log from its public address, or gets it as
an export, and checks all of it; one byte changed is found, with the entry. Time stamps by RFC 3161: tests/provenance/test_stamp.py.

    make test T=tests/journeys/test_trc02_log.py
"""

import json
import subprocess
import sys
from pathlib import Path

from commissary import provenance
from make.journey import Mall, cards
from make.trade import until
from world import Answer


async def test_an_outsider_checks_an_order_and_the_whole_log(mall: Mall, tmp_path: Path) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(50))
    await mall.price(sku, "9.5")
    buyer, other = await mall.buyer(), await mall.buyer()
    order = await mall.order(buyer, sku, 2)
    path = f"/v1/orders/{order['id']}/proof"

    async def proven() -> Answer | None:
        answer = await mall.server.call(buyer, "GET", path)
        if answer.status == 409:
            assert answer.json["code"] == "not_in_log_yet"
            assert answer.json["retryable"]
            return None
        return answer

    answer = await until(proven, 10)  # a checkpoint is signed within ten seconds
    assert (await mall.server.call(other, "GET", path)).json["code"] == "order_not_found"
    told = answer.json
    [entry] = told["proof"]["entries"]
    assert json.loads(entry["body"])["order"] == order["id"]
    assert [(p["line_no"], p["n"]) for p in told["pages"]] == [(1, 1), (1, 2)]
    for secret in (c["secret"] for c in order["lines"][0]["codes"]):
        assert secret.encode() not in answer.body

    saved = tmp_path / "proof.json"
    saved.write_bytes(answer.body)
    public = f"/log/{mall.world.slug}"
    key = (await mall.server.raw("GET", f"{public}/key", b"", {})).body.decode().splitlines()[0]
    assert verify(saved, "--key", key) == 0
    assert told["timestamp"] is None
    assert "time stamp not configured" in (await mall.commissary("log", "show", mall.world.slug)).out
    told["proof"]["entries"][0]["body"] = entry["body"].replace("sold", "soid")
    saved.write_text(json.dumps(told), "utf-8")
    assert verify(saved) == 1
    assert (
        await mall.commissary("log", "proof", mall.world.slug, order["id"], "--out", str(saved))
    ).out == ""
    assert verify(saved, "--key", key) == 0
    assert "OK" in (await mall.commissary("log", "verify", str(saved))).err

    # The log from its address, as any mirror takes it.
    mirror = tmp_path / "mirror"
    for name in ("checkpoint", "key", "tile/0/000.p/2", "tile/entries/000.p/2"):
        got = await mall.server.raw("GET", f"{public}/{name}", b"", {})
        assert got.status == 200, name
        (mirror / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror / name).write_bytes(got.body)
    assert verify(mirror, "--key", key) == 0
    assert (
        (await mall.server.raw("GET", f"{public}/tile/0/000.p/2", b"", {}))
        .headers["cache-control"]
        .endswith("immutable")
    )
    for name in (
        "tile/0/000",
        "tile/0/000.p/3",
        "tile/1/000.p/1",
        "tile/0/000.p/02",
        "tile/0/x000/000.p/2",
        "tile/8/000",
        "",
    ):
        assert (await mall.server.raw("GET", f"{public}/{name}", b"", {})).status == 404, name
    assert (await mall.server.raw("GET", "/log/nobody/checkpoint", b"", {})).status == 404
    assert (await mall.server.raw("POST", f"{public}/checkpoint", b"", {})).status == 405
    assert (await mall.server.raw("POST", f"{public}/add-checkpoint", b"old 0\n", {})).status == 400

    # And as an export, which later goes on.
    folder = tmp_path / "export"
    kept = tmp_path / "kept"
    kept.write_bytes((mirror / "checkpoint").read_bytes())
    await mall.order(buyer, sku)
    signed = (mirror / "checkpoint").read_bytes()

    async def grown() -> bool:
        return (await mall.server.raw("GET", f"{public}/checkpoint", b"", {})).body != signed

    await until(grown, 10)
    await mall.commissary("log", "export", str(folder), mall.world.slug)
    assert (folder / "verify.py").read_bytes() == provenance.VERIFIER.read_bytes()
    assert verify(folder, "--key", key, "--since", kept) == 0
    proof = (await mall.server.raw("GET", f"{public}/consistency/2/3", b"", {})).body
    assert len(proof.splitlines()) == 1
    bundle = folder / "tile/entries/000.p/3"
    bad = bytearray(bundle.read_bytes())
    bad[34 + 20] ^= 1
    bundle.write_bytes(bytes(bad))
    assert verify(folder) == 1
    assert "entry 1" in (await mall.commissary("log", "verify", str(folder), code=1)).err
    assert key in (await mall.commissary("log", "show", mall.world.slug)).out


def verify(*args: object) -> int:
    """As somebody who has nothing of ours but that file."""
    command = [sys.executable, "-I", str(provenance.VERIFIER), *map(str, args)]
    told = subprocess.run(command, cwd="/", capture_output=True, check=False)  # noqa: S603
    assert b"Traceback" not in told.stderr
    return told.returncode
