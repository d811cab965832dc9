"""Is it still he? An act that moves money or shows a secret asks for a proof of the last minutes, not only for a session.

A sign-in is a proof. Afterwards a person proves himself by a factor that he has enrolled, or, while he has none, by his
password. Programs and the command line have no session and are not asked.
"""

from datetime import timedelta

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy.audit import audit
from commissary.tenancy.types import Actor, Factor, Proof, TenancyRefusal

Q = sql.load(__package__)

WITHIN = timedelta(minutes=5)


def require_proof(env: Env, actor: Actor, within: timedelta = WITHIN) -> None:
    """Refuses `step_up_required`, with the factors that may be used (`POST /console/v1/sessions/current/proof`)."""
    if actor.kind != "person":
        return
    proof = actor.proof
    if proof is None or env.now(actor.mall_id) - proof.at >= within:
        factors = list(proof.factors) if proof else []
        raise Refused(TenancyRefusal.step_up_required, factors=factors, within_s=int(within.total_seconds()))


def factors_of(*, totp: bool, passkey: bool, demanded: bool = False) -> tuple[Factor, ...]:
    """By what somebody with these may prove himself. The password only while he has nothing better and his mall
    demands nothing better; then he signs in anew."""
    found: list[Factor] = []
    if passkey:
        found.append("passkey")
    if totp:
        found.append("totp")
    return tuple(found) or (() if demanded else ("password",))


async def proved(tx: db.Tx, env: Env, actor: Actor, by: Factor) -> Proof:
    """Write down that the session's person has just proved himself."""
    proof, now = of_session(actor), env.now(actor.mall_id)
    params = {"mall": actor.mall_id, "hash": proof.session, "now": now, "by": by}
    if not await db.run(tx, Q.prove_session, params):
        raise Refused(TenancyRefusal.not_signed_in)
    await audit(tx, env, actor, "session.prove", f"person:{actor.id}", None, {"factor": by})
    return Proof(now, proof.factors, proof.session)


def of_session(actor: Actor) -> Proof:
    """Refuses `not_signed_in` to who has no session."""
    if actor.kind != "person" or actor.proof is None:
        raise Refused(TenancyRefusal.not_signed_in)
    return actor.proof
