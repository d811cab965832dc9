"""Every way of saying no is in the catalogue, with what a program and a person need to know about it."""

import importlib
import pkgutil
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest
import pytest_asyncio

import commissary
from commissary import app
from commissary.base.errors import Refusal
from world import Ground, Served

DOCUMENTS = ("/openapi.json", "/console/openapi.json")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEMBERS = [(domain, refusal) for domain, kind in app.REFUSALS.items() for refusal in kind]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(world_ground: Ground) -> AsyncIterator[Served]:
    world = await world_ground.world()
    async with world.serve() as made:
        yield made
    await world.close()


def refusals() -> Iterator[type[Refusal]]:
    """Of the whole package, also of modules that nothing has imported yet."""
    for module in pkgutil.walk_packages(commissary.__path__, "commissary."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    queue = list(Refusal.__subclasses__())
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        if kind.__module__.partition(".")[0] == "commissary":
            yield kind


def unregistered(kinds: Iterable[type[Refusal]]) -> set[str]:
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in kinds} - {
        f"{kind.__module__}.{kind.__qualname__}" for kind in app.REFUSALS.values()
    }


def test_every_refusal_of_the_package_is_registered() -> None:
    found = list(refusals())
    assert unregistered(found) == set(), "name it in app.REFUSALS"
    assert len(found) == len(app.REFUSALS)


def test_a_refusal_that_was_forgotten_is_noticed() -> None:
    class NewRefusal(Refusal):
        __module__ = "commissary.elsewhere.types"
        lost = (409, "Lost", "遗失")

    assert {name.rpartition(".")[2] for name in unregistered(refusals())} == {"NewRefusal"}


@pytest.mark.parametrize(("domain", "refusal"), MEMBERS, ids=[f"{d}-{r.code}" for d, r in MEMBERS])
def test_an_entry_says_all_that_it_must(domain: str, refusal: Refusal) -> None:
    assert re.fullmatch("[a-z]+(_[a-z]+)*", refusal.code)
    assert 400 <= refusal.status < 600
    assert refusal.en
    assert not CHINESE.search(refusal.en)
    assert CHINESE.search(refusal.zh)
    assert isinstance(refusal.retryable, bool)
    assert refusal.who in ("caller", "operator", "platform")
    assert refusal.outcome in ("failed", "pending", "unknown")
    if refusal.status >= 500:
        assert refusal.who == "platform"


def test_a_code_means_the_same_wherever_it_is_said() -> None:
    meanings: dict[str, set[tuple[Any, ...]]] = {}
    for _, r in MEMBERS:
        meanings.setdefault(r.code, set()).add((r.status, r.retryable, r.who, r.outcome))
    assert {code: said for code, said in meanings.items() if len(said) > 1} == {}


async def test_the_pages_show_exactly_the_catalogue(served: Served) -> None:
    for query, texts in (
        ("?lang=en", [r.en for _, r in MEMBERS]),
        ("?lang=zh-CN", [r.zh for _, r in MEMBERS]),
    ):
        page = (await served.raw("GET", f"/docs/errors{query}", b"", {})).body.decode()
        shown = re.findall(r'id="([a-z]+(?:_[a-z]+)*)"', page)
        codes = {r.code for _, r in MEMBERS}
        assert codes <= set(shown)
        assert {code for code in shown if "_" in code} <= codes
        assert [text for text in texts if _escaped(text) not in page] == []


async def test_the_documents_carry_the_catalogue(served: Served) -> None:
    for path in DOCUMENTS:
        entries = (await served.raw("GET", path, b"", {})).json["x-errors"]
        assert [(e["domain"], e["code"], e["status"], e["retryable"], e["owner"]) for e in entries] == [
            (domain, r.code, r.status, r.retryable, r.who) for domain, r in MEMBERS
        ]
        assert [(e["title"], e["title_zh"]) for e in entries] == [(r.en, r.zh) for _, r in MEMBERS]


async def test_what_an_operation_announces_exists_and_its_status_is_documented(served: Served) -> None:
    statuses: dict[str, set[str]] = {}
    for _, r in MEMBERS:
        statuses.setdefault(r.code, set()).add(str(r.status))
    for path in DOCUMENTS:
        document = (await served.raw("GET", path, b"", {})).json
        for item in document["paths"].values():
            for operation in item.values():
                for code in operation["x-errors"]:
                    assert code in statuses, (operation["operationId"], code)
                    assert statuses[code] & set(operation["responses"]), (operation["operationId"], code)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("'", "&#39;").replace('"', "&#34;")
