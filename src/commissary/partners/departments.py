"""Departments of a buying company: who belongs to them, and what a member buys alone. Their wallets are the ledger's, which opens
and closes a department in one transaction with its wallet.

The company is that of whoever is signed in and never a parameter, so another's departments are not found.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid, unchanged
from commissary.partners.types import Buyer, Department, DepartmentMember, PartnerRefusal
from commissary.tenancy.types import Actor, AuthRefusal, TenancyRefusal

Q = sql.load(__package__, "departments.sql")
MANAGE = "own.departments.write"


async def company_of(tx: db.Tx, actor: Actor) -> Buyer:
    """The company that the actor is signed in for. Refuses forbidden for the mall's own people and for suppliers,
    buyer_suspended."""
    found = await db.row(tx, Q.company, {"mall": actor.mall_id, "id": actor.organisation_id})
    if found is None:
        raise Refused(TenancyRefusal.forbidden)
    company = Buyer(*found)
    if company.status != "active":
        raise Refused(AuthRefusal.buyer_suspended)
    return company


async def add_department(tx: db.Tx, env: Env, actor: Actor, draft: Department) -> Department:
    """In the transaction that opens its wallet. Refuses department_name_taken."""
    tenancy.require(actor, MANAGE)
    checked = _checked(draft)
    with _unique_name():
        await db.run(
            tx, Q.add_department, _row(actor.mall_id, checked) | {"organisation": checked.organisation_id}
        )
    subject = f"department:{checked.id}"
    await tenancy.audit(tx, env, actor, "department.add", subject, None, department_shown(checked))
    return checked


async def edit_department(
    env: Env, actor: Actor, department_id: int, changes: Mapping[str, Any], version: int | None = None
) -> Department:
    """`changes`: name, cost_centre, month_budget_e4, returns_rest, order_limit_e4, month_limit_e4; what is not given stays.
    Refuses department_closed, department_name_taken, `conflict` when `version` is given and not the present one."""
    tenancy.require(actor, MANAGE)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await open_department(tx, actor, department_id, lock=True)
        unchanged(version, old.version)
        given = dict(changes) | {"updated_at": env.now(actor.mall_id), "version": old.version + 1}
        new = _checked(msgspec.structs.replace(old, **given))
        await save_department(tx, new, actor.mall_id)
        subject, was = f"department:{new.id}", department_shown(old)
        await tenancy.audit(tx, env, actor, "department.edit", subject, was, department_shown(new))
        return new


async def save_department(tx: db.Tx, department: Department, mall: int) -> None:
    """As it is now; the caller holds its lock."""
    with _unique_name():
        await db.run(tx, Q.set_department, _row(mall, department))


async def department(
    tx: db.Tx, mall: int, organisation_id: int, department_id: int, *, lock: bool = False
) -> Department:
    """Refuses not_found."""
    given = {"mall": mall, "organisation": organisation_id, "id": department_id}
    found = await db.row(tx, Q.lock_department if lock else Q.department, given)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Department(*found)


async def open_department(tx: db.Tx, actor: Actor, department_id: int, *, lock: bool = False) -> Department:
    """Of the actor's company. Refuses not_found, department_closed."""
    found = await department(tx, actor.mall_id, actor.organisation_id, department_id, lock=lock)
    if found.state != "open":
        raise Refused(PartnerRefusal.department_closed)
    return found


async def departments_of(tx: db.Tx, actor: Actor, *, all_of_them: bool) -> list[Department]:
    """Of the actor's company, or those that he belongs to, the one he joined first before the others."""
    person = None if all_of_them else int(actor.id)
    given = {"mall": actor.mall_id, "organisation": actor.organisation_id, "person": person}
    return [Department(*r) for r in await db.rows(tx, Q.departments, given)]


async def due_departments(tx: db.Tx, mall: int, now: datetime) -> list[tuple[int, int, date]]:
    """(department, company, month) of budgets that this month has not seen yet."""
    return [(r[0], r[1], r[2]) for r in await db.rows(tx, Q.due_departments, {"mall": mall, "now": now})]


# Members ----------------------------------------------------------------------------------------------------------


async def member_of(
    tx: db.Tx, mall: int, department_id: int, person_id: int, *, lock: bool = False
) -> DepartmentMember | None:
    """Locked, his purchases are counted one after another."""
    given = {"mall": mall, "department": department_id, "person": person_id}
    found = await db.row(tx, Q.lock_member if lock else Q.member, given)
    return DepartmentMember(*found) if found else None


async def members_of(tx: db.Tx, mall: int, department_id: int) -> list[DepartmentMember]:
    """Heads first."""
    given = {"mall": mall, "department": department_id}
    return [DepartmentMember(*r) for r in await db.rows(tx, Q.members, given)]


async def set_member(
    env: Env,
    actor: Actor,
    department_id: int,
    person_id: int,
    *,
    head: bool,
    order_limit_e4: int | None = None,
    month_limit_e4: int | None = None,
) -> DepartmentMember:
    """A colleague in a department, or what he is in it now. Refuses not_found, department_closed."""
    tenancy.require(actor, MANAGE)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        here = await open_department(tx, actor, department_id)
        given = {"mall": mall, "organisation": here.organisation_id, "person": person_id}
        if await db.row(tx, Q.is_colleague, given) is None:
            raise Refused(RequestRefusal.not_found)
        old = await member_of(tx, mall, department_id, person_id, lock=True)
        limits = {"order_limit_e4": order_limit_e4, "month_limit_e4": month_limit_e4}
        row = given | limits | {"department": department_id, "head": head, "at": env.now(mall)}
        await db.run(tx, Q.set_member, row)
        new = await member_of(tx, mall, department_id, person_id)
        assert new is not None, "a member who was just written"
        was = member_shown(old) if old else None
        subject = f"department:{department_id}"
        await tenancy.audit(tx, env, actor, "department.set_member", subject, was, member_shown(new))
        return new


async def drop_member(env: Env, actor: Actor, department_id: int, person_id: int) -> None:
    """His requests stay. Refuses not_found."""
    tenancy.require(actor, MANAGE)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await department(tx, mall, actor.organisation_id, department_id)
        old = await member_of(tx, mall, department_id, person_id, lock=True)
        if old is None:
            raise Refused(RequestRefusal.not_found)
        await db.run(tx, Q.drop_member, {"mall": mall, "department": department_id, "person": person_id})
        subject = f"department:{department_id}"
        await tenancy.audit(tx, env, actor, "department.drop_member", subject, member_shown(old), None)


async def wallet_of(tx: db.Tx, actor: Actor, company: Buyer) -> int:
    """What a person's own orders are charged to: the department that he joined first, else his company's main wallet."""
    mine = [d for d in await departments_of(tx, actor, all_of_them=False) if d.state == "open"]
    return mine[0].account_id if mine else company.account_id


def department_shown(one: Department) -> dict[str, object]:
    """As the audit log tells it."""
    return {
        "name": one.name,
        "cost_centre": one.cost_centre,
        "state": one.state,
        "month_budget_e4": one.month_budget_e4,
        "returns_rest": one.returns_rest,
        "order_limit_e4": one.order_limit_e4,
        "month_limit_e4": one.month_limit_e4,
    }


def member_shown(one: DepartmentMember) -> dict[str, object]:
    limits = {"order_limit_e4": one.order_limit_e4, "month_limit_e4": one.month_limit_e4}
    return {"person_id": str(one.person_id), "head": one.head} | limits


@contextmanager
def _unique_name() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        if db.violated(error) != "department_name":
            raise
        raise Refused(PartnerRefusal.department_name_taken) from None


def _checked(one: Department) -> Department:
    name, centre = one.name.strip(), one.cost_centre.strip()
    if not 1 <= len(name) <= 80:
        raise invalid("name", "1 to 80 characters / 名称为 1–80 个字符")
    if len(centre) > 40:
        raise invalid("cost_centre", "at most 40 characters / 最多 40 个字符")
    if one.month_budget_e4 is not None and one.month_budget_e4 <= 0:
        raise invalid("month_budget", "must be more than zero / 须大于零")
    return msgspec.structs.replace(one, name=name, cost_centre=centre)


def _row(mall: int, one: Department) -> dict[str, object]:
    row = department_shown(one) | {"mall": mall, "id": one.id, "account": one.account_id}
    return row | {"turned_on": one.turned_on, "at": one.updated_at, "version": one.version}
