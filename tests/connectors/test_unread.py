"""What a supplier says that no connector looks at: kept by name and value, and nothing is decided by it."""

import hashlib
import json
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, Rig
from tests.connectors.test_conformance import PROTOCOLS

from commissary import supply
from commissary.simulators import Lie, Said
from commissary.supply import reading
from commissary.supply.types import Outcome, Result, Unread

NEW = "mystery_note"
each = pytest.mark.parametrize("protocol", PROTOCOLS)


def grown(found: Any, more: dict[str, Any]) -> Any:
    """With new fields in every object, but for those that map a number to a number."""
    if isinstance(found, dict) and any(name[:1].isdigit() for name in found):
        return found
    if isinstance(found, dict):
        return {name: grown(value, more) for name, value in found.items()} | more
    return [grown(one, more) for one in found] if isinstance(found, list) else found


def says_more(rig: Rig, protocol: str, more: dict[str, Any]) -> Rig:
    """The same supplier, whose protocol grew."""
    plain = rig.answer

    def answer(asked: Any) -> Said | None:
        said = plain(asked)
        if said is None or not said.body.startswith((b"{", b"[")):
            return said
        told = json.loads(said.body)
        if protocol == "fulu":  # its answers are signed, as a text in a text
            result = json.dumps(grown(json.loads(told["result"]), more)) if told["result"] else ""
            line = ("".join(sorted(result)) + rig.shop.key).encode()
            told = told | {"result": result, "sign": hashlib.md5(line, usedforsecurity=False).hexdigest()}
        body = json.dumps(grown(told, more) if protocol != "fulu" else told | more).encode()
        return Said(said.status, body, said.headers)

    rig.answer = answer
    return rig


async def talks(rig: Rig, good: int) -> list[Result]:
    placed = await rig.buy("R1", good)
    found = [placed]
    for _ in range(2):
        found.append(await rig.outcome(rig.connector.query(AT_MS, "R1", placed.supplier_ref)))
    found.append(await rig.outcome(rig.connector.query(AT_MS, "R404")))
    found.append(await rig.buy("R1", good))
    return found


def names(results: list[Result]) -> set[str]:
    return {one.name for result in results for one in result.unread}


@each
async def test_a_field_that_is_new_is_kept_and_changes_nothing(protocol: str) -> None:
    for good in Rig.of(protocol).shop.articles:
        usual = await talks(Rig.of(protocol), good)
        told = await talks(says_more(Rig.of(protocol), protocol, {NEW: "值 42"}), good)
        new = names(told) - names(usual)
        assert new
        assert {name.rpartition(".")[2] for name in new} == {NEW}
        assert all(Unread(one.name, '"值 42"') == one for r in told for one in r.unread if one.name in new)
        assert [(r.outcome, r.reason, r.cost_e4, len(r.codes)) for r in told] == [
            (r.outcome, r.reason, r.cost_e4, len(r.codes)) for r in usual
        ]


@pytest.mark.parametrize("protocol", sorted(supply.TABLE))
async def test_what_a_protocol_is_known_to_say_is_not_new(protocol: str) -> None:
    """Else every purchase had the same dozen names beside it, and nobody would see the thirteenth."""
    for good in Rig.of(protocol).shop.articles:
        assert names(await talks(Rig.of(protocol), good)) == set()


@each
async def test_an_answer_that_cannot_be_read_is_kept_whole(protocol: str) -> None:
    result = await Rig.of(protocol, Lie.page_after).buy("R1")
    assert result.outcome is Outcome.unknown
    assert [one.name for one in result.unread] == [reading.WHOLE]
    assert "502 Bad Gateway" in result.unread[0].value


async def test_a_callback_says_more_than_is_looked_at() -> None:
    rig = Rig.of("kayixin")
    sent = await rig.called_back()
    assert sent is not None
    with reading.reading() as heard:
        assert rig.connector.notice(sent.headers, {}, sent.body).ref == "R1"
    assert heard.unread(rig.connector.facts.passes_over) == ()
    assert {one.name for one in heard.unread()} == {"cards.cardId", "cards.cancelRequest"}


def test_only_what_looks_like_a_name_is_shown_as_one() -> None:
    """An object may be keyed by its codes."""
    told = dict.fromkeys(
        (
            "remark2",
            "retMoney",
            "x-trace",
            "备注",
            "AB12-CD34-EF56",
            "9988776655",
            "ABCDEFGHIJKLMNOP",
            "卡号：NS1 卡密：PS2",
            "a" * 41,
        ),
        1,
    )
    with reading.reading() as heard:
        reading.noted({"data": told})["data"]
    shown = reading.names_of(heard.unread())
    assert shown == ["data.remark2", "data.retMoney", "data.x-trace", "data.备注", "data.?"]


def test_what_is_kept_has_an_end() -> None:
    """Whoever answers with a megabyte fills no table; of what has no room left, the name."""
    with reading.reading() as heard:
        reading.noted({"long": "x" * 1_000_000} | {f"n{i}": "y" * 900 for i in range(10, 99)})
    first = heard.unread()
    assert len(first) == reading.MOST_FIELDS
    assert len(first[0].value) == reading.MOST_VALUE
    kept = reading.merged((), first)
    assert [one.name for one in kept] == [one.name for one in first]
    assert sum(len(one.value) for one in kept) <= reading.MOST_BYTES
    assert kept[-1].value == ""
    assert reading.merged(kept, first) == kept
    with reading.reading() as deep:
        reading.noted({"a": json.loads("[" * 50 + "{}" + "]" * 50)})["a"]
    assert deep.unread() == ()


def test_the_same_again_is_kept_once_and_another_value_beside_it() -> None:
    had = (Unread("state2", '"a"'),)
    assert reading.merged(had, had) == had
    assert reading.merged(had, (Unread("state2", '"b"'),)) == (*had, Unread("state2", '"b"'))


def test_its_words_show_nothing() -> None:
    result = Result(Outcome.succeeded, unread=(Unread("PIN", "CODE-1"),))
    assert "CODE-1" not in repr(result)
    assert "PIN" not in repr(result)
