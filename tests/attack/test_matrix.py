"""Who may what: every operation of the console by every role, in his own mall and with the ids of another.

`matrix.csv` is the answer that was looked at by a person, line by line: `yes`, or the status with which a role is turned away. An
operation that is not in it fails here, and so does one that answers otherwise; what is turned away changes not one byte. A column
`public` is for operations that ask nobody who he is.

    make test T=tests/attack/test_matrix.py
    COMMISSARY_MATRIX=write make test T=tests/attack/test_matrix.py      # look at what it wrote before you keep it
"""

import asyncio
import csv
import os
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from commissary import app, tenancy
from make.journey import CONSOLE, Installation, Mall, Person, console_operations, sign_in
from make.neighbour import bodies, rows_of, settled, traded
from make.sample import Sampler
from make.tenancy import PASSWORD
from make.trade import ALLOW
from world import Answer, Served, free_port, ground

FILE = Path(__file__).parent / "matrix.csv"
ROLES = list(tenancy.ROLES)
HEAD = ["method", "path", *ROLES]
WRITES = os.environ.get("COMMISSARY_MATRIX") == "write"
Operation = tuple[str, str]
# A stream never ends; signing out ends the very session that asks.
# The cast has nothing to find here, so that staff who may are answered 404 as those of the mall's partners are.
NOT_THERE = {
    ("GET", "/jobs/{job_id:str}"),
    ("POST", "/jobs/{job_id:str}/cancel"),
    ("GET", "/risk/decisions/{decision_id:str}"),
    ("POST", "/differences/{difference_id:str}/resolve"),
    ("POST", "/purchases/{purchase_id:str}/evidence"),
    ("POST", "/custody/trace"),
    ("PATCH", "/organisations/{organisation_id:str}/people/{person_id:str}"),
    *(("POST", f"/supply-requests/{{purchase_id:str}}/{act}") for act in ("provide", "refuse", "take")),
}
# What is needed beside what the document calls required.
BESIDE = {
    ("GET", "/custody"): "batch_id={batch_id}&seq=1",
    ("GET", "/uploads"): "kind=prices",
    ("POST", "/uploads"): "kind=prices&file_name=p.csv",
}
LEFT_OUT = {("GET", "/events"), ("DELETE", "/sessions/current")}


def operations() -> list[Operation]:
    return [(method, path.removeprefix(CONSOLE)) for method, path, _ in console_operations()]


def public() -> set[Operation]:
    found = set()
    for handler in app.ROUTES:
        if handler.opt.get("public"):  # type: ignore[union-attr]
            paths = [p.removeprefix(CONSOLE) for p in handler.paths]  # type: ignore[union-attr]
            found |= {(str(m), p) for m in handler.http_methods for p in paths}  # type: ignore[union-attr]
    return found


def matrix() -> dict[Operation, dict[str, str]]:
    with FILE.open(newline="") as file:
        rows = [row | {"path": f"/{row['path']}"} for row in csv.DictReader(file)]
    return {(row["method"], row["path"]): row for row in rows}


def test_every_operation_is_in_the_matrix() -> None:
    wanted = set(operations()) - LEFT_OUT
    assert set(matrix()) == wanted, "write it anew (see above), and look at every line that is new"
    assert list(next(iter(matrix().values()))) == HEAD
    unclear = [(o, role) for o, row in matrix().items() for role in ROLES if row[role] == "?"]
    assert unclear == [], "the body that was tried was not good enough to be asked who sends it"


def test_the_matrix_says_what_the_table_of_roles_says() -> None:
    """A few lines that nobody may change by generating."""
    found = matrix()
    adjust = found["POST", "/accounts/{account_id:int}/adjustments"]
    assert [role for role in ROLES if adjust[role] == "yes"] == ["owner", "finance"]
    decide = found["PUT", "/approval-rules/{act:str}"]
    assert [role for role in ROLES if decide[role] == "yes"] == ["owner"]
    for row in found.values():
        if row["method"] != "GET" and row["owner"] == "yes":
            allowed = {role for role in ROLES if row[role] == "yes"}
            assert (
                "readonly" not in allowed or row["path"].startswith(OWN_MATTERS) or row["path"] in ONES_OWN
            ), row


# What anybody does for himself: how he signs in, where he is signed in, and what shows and changes nothing.
OWN_MATTERS = ("/me/", "/sessions/")
ONES_OWN = {
    "/custody/trace",  # finds a code that he holds in his hand; the audit log tells of it
    "/prices/preview",
    "/notices/seen",  # what he has looked at himself
    "/views",
    "/views/{view_id:str}",
    "/approvals/{approval_id:str}/comments",  # who reads them may say something about them
    "/approval-delegates/mine",  # ends what is not there
    "/approvals/decide",  # each by itself: nothing is decided that may not be
    "/price-templates/{template_id:str}/preview",  # shows, and changes nothing
}


class Cast:
    """A mall with one of everything and somebody of each role in it; partners' people in companies of their own."""

    mall: Mall
    ids: dict[str, str]
    people: dict[str, Person]

    @classmethod
    async def of(cls, installation: Installation, name: str) -> "Cast":
        made = cls()
        made.mall = await installation.mall(name)
        made.ids = await traded(made.mall)
        made.ids["to_account_id"] = made.ids["account_id"]
        made.people = {role: await made.person(role) for role in ROLES}
        return made

    async def person(self, role: str) -> Person:
        kind = tenancy.ROLES[role].kinds[0]
        organisation = str(self.mall.world.founded.organisation_id)
        if kind == "supplier":
            organisation = (await self.mall.owner.post("/suppliers", {"name": role}))["id"]
        elif kind != "mall":
            organisation = (await self.mall.owner.post("/buyers", {"name": role}))["id"]
        if role == "enterprise":
            await self.mall.rows(
                "update tenancy.organisation set kind = 'enterprise' where id = %s returning 1",
                (int(organisation),),
            )
        email = f"{role}-{secrets.token_hex(3)}@example.com"
        told = {"organisation_id": organisation, "email": email, "name": role, "role": role}
        await self.mall.owner.post("/people", told | {"password": PASSWORD})
        return await sign_in(self.mall.server, self.mall.world.slug, email)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def casts(admin_dsn: str) -> AsyncIterator[tuple[Cast, Cast, Sampler]]:
    async with ground(admin_dsn) as made:
        log = made.key_folder.parent / "server.log"
        server = Served(made.admin_dsn, made.key_folder, free_port(), log, ALLOW)
        await server.start()
        try:
            installation = Installation(made, server)
            ours, theirs = await Cast.of(installation, "Ours"), await Cast.of(installation, "Theirs")
            document = (await server.raw("GET", "/console/openapi.json", b"", {})).json
            yield ours, theirs, Sampler(document, ours.ids)
        finally:
            await server.stop()


async def call(by: Person, operation: Operation, ids: Mapping[str, str], sampler: Sampler) -> Answer:
    """With the plainest good body; if that is not good enough, with any other that gets beyond its form."""
    method, path = operation
    ids = {**ids, "day": ids["closed_day"]} if path.endswith("/evidence") else ids
    filled = re.sub(r"\{(\w+):\w+\}", lambda m: ids.get(m[1], "1"), path)
    documented = CONSOLE + re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
    told = sampler.paths[documented][method.lower()]
    query = "&".join(
        f"{p['name']}={ids.get(p['name'], sampler.text(p['schema'], p['name']))}"
        for p in told.get("parameters", ())
        if p["in"] == "query" and p.get("required")
    )
    query = BESIDE.get(operation, query).format(**ids)
    filled += f"?{query}" if query else ""
    media, body = sampler.body(method, documented)
    headers = {"Idempotency-Key": "matrix"} | ({"Content-Type": media} if media else {})
    answer = await by.call(method, filled, body, headers=headers)
    if answer.status in (400, 422) and media == "application/json":
        for other in bodies(dict(ids)):
            if isinstance(other, dict):
                again = await by.call(method, filled, other, headers=headers)
                if again.status not in (400, 422):
                    return again
    return answer


async def test_write_it(casts: tuple[Cast, Cast, Sampler]) -> None:
    if not WRITES:
        pytest.skip("COMMISSARY_MATRIX=write writes it anew")
    ours, _, sampler = casts
    asks_nobody, rows = public(), []
    # What removes something comes last, and owners come last of all.
    for operation in sorted(set(operations()) - LEFT_OUT, key=lambda o: (o[0] == "DELETE", o[1], o[0])):
        method, path = operation
        row = dict(zip(HEAD, [method, path.removeprefix("/"), *[""] * len(ROLES)], strict=True))
        for role in reversed(ROLES):
            if operation in asks_nobody:
                row[role] = "public"
                continue
            answer = await call(ours.people[role], operation, ours.ids, sampler)
            known = {403: "403", 404: "404", 400: "?", 422: "?"}
            row[role] = known.get(answer.status, "yes")
            if row[role] == "404" and operation in NOT_THERE and "mall" in tenancy.ROLES[role].kinds:
                row[role] = "yes"
            if answer.status == 401 and answer.json["code"] != "wrong_credentials":
                raise AssertionError((operation, role, answer.body))
        # Whoever is signed in may prove himself; with which body is another matter.
        if path.startswith("/sessions/current/proof"):
            row = {name: "yes" if value == "?" else value for name, value in row.items()}
        # A body that is not good enough still tells the two apart, where somebody is turned away before it is looked at.
        if {"403", "404"} & set(row.values()):
            row = {name: "yes" if value == "?" else value for name, value in row.items()}
        rows.append(row)
    with FILE.open("w", newline="") as file:
        writer = csv.DictWriter(file, HEAD, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda r: (r["path"], r["method"])))


async def test_who_is_turned_away_changes_nothing(casts: tuple[Cast, Cast, Sampler]) -> None:
    """With good ids of his own mall, and a good body."""
    ours, _, sampler = casts
    before, wrong, tried = await settled(ours.mall), [], 0
    for operation, row in matrix().items():
        denied = [role for role in ROLES if row[role] in ("403", "404")]
        answers = await asyncio.gather(
            *(call(ours.people[role], operation, ours.ids, sampler) for role in denied)
        )
        wrong += [
            (operation, role, row[role], answer.status, answer.body[:200])
            for role, answer in zip(denied, answers, strict=True)
            if answer.status not in (403, 404)
        ]
        tried += len(denied)
    assert wrong == []
    assert await rows_of(ours.mall) == before
    assert tried > 1000


async def test_another_mall_is_not_there_for_any_role(casts: tuple[Cast, Cast, Sampler]) -> None:
    ours, theirs, sampler = casts
    before, wrong = await settled(theirs.mall), []
    for operation, row in matrix().items():
        if "{" not in operation[1] or row["owner"] == "public" or "{act:" in operation[1]:
            continue
        answers = await asyncio.gather(
            *(call(ours.people[role], operation, theirs.ids, sampler) for role in ROLES)
        )
        for role, answer in zip(ROLES, answers, strict=True):
            good = answer.status in (403, 404)
            if row[role] == "yes":
                good = answer.status >= 400
            if not good or answer.status >= 500:
                wrong.append((operation, role, row[role], answer.status, answer.body[:200]))
    assert not wrong, "\n".join(str(w[:4]) for w in wrong)
    assert await rows_of(theirs.mall) == before


async def test_who_may_is_not_turned_away(casts: tuple[Cast, Cast, Sampler]) -> None:
    """What needs no id; the rest is done by the stories of its own tests."""
    ours, _, sampler = casts
    wrong = []
    for operation, row in matrix().items():
        for role in (role for role in ROLES if row[role] == "yes" and "{" not in operation[1]):
            answer = await call(ours.people[role], operation, ours.ids, sampler)
            if answer.status in (403, 500):
                wrong.append((operation, role, answer.status, answer.body[:200]))
    assert wrong == []
