"""A client that a stranger generates from /openapi.json: complete, and the README's program buys, receives and refunds."""

import importlib
import io
import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from shop import ROOT, Mall, Shop
from test_sdk_live import snippets

# The generator knows bytes and forms only; an order file is told to it as bytes.
CONFIG = """
post_hooks: []
content_type_overrides:
  text/csv: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
"""


@pytest.fixture(scope="module")
def generated(mall: Mall, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the package `mall`, written by openapi-python-client from the running server's document."""
    folder = tmp_path_factory.mktemp("generated")
    document = folder / "openapi.json"
    with urllib.request.urlopen(f"{mall.server.url}/openapi.json") as answer:  # noqa: S310
        document.write_bytes(answer.read())
    (folder / "config.yaml").write_text(CONFIG)
    command = ["generate", "--path", str(document), "--config", str(folder / "config.yaml")]
    command += ["--output-path", str(folder / "mall"), "--meta", "none", "--fail-on-warning"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "openapi_python_client", *command],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def importable(generated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(generated))


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_twenty_lines_buy_receive_and_refund(
    importable: None,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    readme: str,
) -> None:
    text = ROOT / "sdk" / "python" / readme
    [program] = [one for one in snippets(text) if "AuthenticatedClient" in one]
    assert len(program.splitlines()) <= 20
    monkeypatch.setenv("COMMISSARY_URL", shop.server.url)
    monkeypatch.setenv("COMMISSARY_KEY", shop.buyer.key_id)
    monkeypatch.setenv("COMMISSARY_SECRET", shop.buyer.secret)
    before = shop.client().balance()
    exec(program, {})  # noqa: S102
    bought, refunded = (
        shop.client().order(shop.bought("GEN-1")[0]),
        shop.client().order(shop.bought("GEN-2")[0]),
    )
    assert (bought.status, refunded.status) == ("delivered", "cancelled")
    [received, cancelled] = capsys.readouterr().out.splitlines()
    assert received == f"delivered {[code.secret for code in bought.codes]}"
    assert len(bought.codes) == 2
    assert cancelled == "processing cancelled"
    after = shop.client().balance()
    assert after.amounts["held"].amount == 0
    assert before.available.amount - after.available.amount == bought.total.amount


def test_every_operation_has_a_function(generated: Path) -> None:
    document = json.loads((generated / "openapi.json").read_text("utf-8"))
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    modules = {path.stem for path in (generated / "mall" / "api").glob("*/*.py")} - {"__init__"}
    assert sorted(re.sub("([A-Z])", r"_\1", name).lower() for name in operations) == sorted(modules)


def test_an_order_file_goes_up_and_its_result_comes_down(importable: None, shop: Shop) -> None:
    """What the framework cannot see in a handler: the file goes up as bytes, and CSV comes down."""

    def module(name: str) -> Any:
        return importlib.import_module(f"mall.{name}")

    asked = {
        "grant_type": "client_credentials",
        "client_id": shop.buyer.key_id,
        "client_secret": shop.buyer.secret,
    }
    body = module("models").TokenIn.from_dict(asked)
    grant = module("api.authentication.issue_token").sync(
        client=module("client").Client(shop.server.url), body=body
    )
    client = module("client").AuthenticatedClient(
        shop.server.url, grant.access_token, raise_on_unexpected_status=True
    )
    file = module("types").File(
        payload=io.BytesIO(f"client_order_no,sku,quantity\nF-1,{shop.sku},2\n".encode())
    )
    sheet = module("api.order_files.upload_order_file").sync(
        client=client, body=file, idempotency_key="file-1"
    )
    give_up_at = time.monotonic() + 20
    while sheet.status == "running":
        assert time.monotonic() < give_up_at, sheet
        time.sleep(0.1)
        sheet = module("api.order_files.get_order_file").sync(sheet.id, client=client)
    assert (sheet.accepted, sheet.refused) == (1, 0)
    result = module("api.order_files.get_order_file_result").sync(sheet.id, client=client)
    [order_id] = shop.bought("F-1")
    for code in shop.client().order(order_id).codes:
        assert code.secret.encode() in result
