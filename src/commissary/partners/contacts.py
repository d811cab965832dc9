"""People behind a partner. Phone and mail are personal data (PIPL): sealed, shown by last digits, each look recorded."""

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partners.types import Contact, ContactClear, Purpose
from commissary.tenancy.types import Actor, Look

Q = sql.load(__package__)

PURPOSE = "partner-contact"


async def add_contact(
    env: Env,
    actor: Actor,
    organisation_id: int,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    purpose: Purpose = "general",
) -> Contact:
    """The audit keeps neither phone nor mail."""
    tenancy.require(actor, "partners.write")
    if not 1 <= len(name.strip()) <= 100:
        raise invalid("name", "1 to 100 characters / 姓名为 1–100 个字符")
    digits = [c for c in phone or "" if c.isdigit()]
    if phone is not None and not 5 <= len(digits) <= 20:
        raise invalid("phone", "5 to 20 digits / 电话号码为 5–20 位数字")
    mall, id_ = actor.mall_id, env.ids.new()
    last = "".join(digits[-4:]) or None
    made = Contact(id_, organisation_id, name.strip(), last, email is not None, purpose)
    async with env.db.transaction(mall) as tx:
        await tenancy.get_organisation(tx, mall, organisation_id)
        await db.run(
            tx,
            Q.add_contact,
            {
                "mall": mall,
                "id": id_,
                "organisation": organisation_id,
                "name": made.name,
                "phone": _sealed(env, mall, id_, phone),
                "phone_last": last,
                "email": _sealed(env, mall, id_, email),
                "purpose": purpose,
                "at": env.now(mall),
            },
        )
        of = {"organisation_id": str(organisation_id), "purpose": purpose}
        await tenancy.audit(tx, env, actor, "contact.add", f"contact:{id_}", None, of)
    return made


async def reveal_contact(env: Env, actor: Actor, contact_id: int, reason: str) -> ContactClear:
    """In clear; who looked is in the log of who saw what. Refuses step_up_required, reveals_locked, not_found."""
    tenancy.require(actor, "partners.write")
    tenancy.require_proof(env, actor)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.contact, {"mall": mall, "id": contact_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    name, phone, email, owner = found
    seen = await tenancy.look(env, actor, Look("contact", owner, f"contact:{contact_id}", "", reason))
    return ContactClear(
        name, _opened(env, mall, contact_id, phone), _opened(env, mall, contact_id, email), seen
    )


async def drop_contact(env: Env, actor: Actor, contact_id: int) -> None:
    """Gone for good, as the law on personal data asks."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.drop_contact, {"mall": mall, "id": contact_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        of = {"organisation_id": str(found[0]), "purpose": found[1]}  # not who it was: that is what must go
        await tenancy.audit(tx, env, actor, "contact.drop", f"contact:{contact_id}", of, None)


async def list_contacts(env: Env, actor: Actor, organisation_id: int) -> list[Contact]:
    """All of one organisation, masked."""
    tenancy.require(actor, "partners.read")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await tenancy.get_organisation(tx, mall, organisation_id)
        found = await db.rows(tx, Q.list_contacts, {"mall": mall, "organisation": organisation_id})
    return [Contact(*r) for r in found]


def _sealed(env: Env, mall: int, id_: int, text: str | None) -> bytes | None:
    return None if text is None else env.keys.seal_field(mall, PURPOSE, text.encode(), str(id_).encode())


def _opened(env: Env, mall: int, id_: int, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    return env.keys.open_field(mall, PURPOSE, bytes(sealed), str(id_).encode()).decode()
