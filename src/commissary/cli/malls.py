"""`commissary found`: a mall of one's own, with its books, its rules and its test twin."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from commissary import catalog, ledger, risk, tenancy
from commissary.base import home, settings
from commissary.base.env import Env
from commissary.cli import reach
from commissary.tenancy.types import Actor, Founded


async def open_mall(
    env: Env,
    admin_dsn: str,
    *,
    slug: str,
    name: str,
    owner_email: str,
    owner_name: str,
    owner_password: str,
    currency: str = "CNY",
    zone: str = "Asia/Shanghai",
    twin: bool = False,
) -> Founded:
    """Everything a mall needs before its first SKU. With `twin`, its test mall too."""
    at = env.clock()
    made = await tenancy.found_mall(
        admin_dsn,
        env.ids,
        slug=slug,
        name=name,
        owner_email=owner_email,
        owner_name=owner_name,
        owner_password=owner_password,
        at=at,
        currency=currency,
        zone=zone,
    )
    await _ground(env, made, currency)
    if twin:
        await _ground(env, await tenancy.found_shadow(admin_dsn, env.ids, made.mall_id, at), currency)
        await tenancy.load_offsets(env)
    return made


async def _ground(env: Env, mall: Founded, currency: str) -> None:
    """Books and rules; again is no error."""
    actor = Actor(mall.mall_id, "cli", "operator", mall.organisation_id, tenancy.permissions_of("owner"))
    async with env.db.transaction(mall.mall_id) as tx:
        await ledger.found_books(tx, env, home.home(mall.mall_id), mall.organisation_id, currency)
        await catalog.seed_rules(tx, env, actor)
    await risk.seed_rules(env, actor)


@click.command()
@click.argument("slug")
@click.option("--name", required=True, help="The mall's name as people see it.")
@click.option("--owner-email", required=True, help="What the owner signs in with.")
@click.option("--owner-name", default="Owner", show_default=True, help="The owner's name as people see it.")
@click.password_option("--owner-password", help="Asked for when not given.")
@click.option(
    "--currency", default="CNY", show_default=True, help="The one currency of its prices and books."
)
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Business days are days there.")
@click.option(
    "--test-twin/--no-test-twin", default=True, show_default=True, help="Also a test mall with its own clock."
)
@reach.data_option
def found(
    slug: str,
    name: str,
    owner_email: str,
    owner_name: str,
    owner_password: str,
    currency: str,
    zone: str,
    test_twin: bool,
    data: Path | None,
) -> None:
    """Found a mall: SLUG is its short name in sign-ins, e.g. `kitchen`."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise click.UsageError(
            f"--zone: {zone!r} is no time zone; one is written like Asia/Shanghai"
        ) from None
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise click.UsageError(f"--currency: {currency!r} is no currency; one is written like CNY")

    async def work() -> None:
        async with reach.env_of(settings.read(data=data), new=True) as (on, env):
            made = await open_mall(
                env,
                on.admin_dsn,
                slug=slug,
                name=name,
                owner_email=owner_email,
                owner_name=owner_name,
                owner_password=owner_password,
                currency=currency,
                zone=zone,
                twin=test_twin,
            )
            reach.console.print(f"Mall {made.mall_id} ({slug}) founded; {owner_email} is its owner.")

    reach.run(work())


@click.command()
@click.argument("slug")
@reach.data_option
def sandbox(slug: str, data: Path | None) -> None:
    """Found the sandbox of the mall SLUG, if it was founded without one. Its goods come with the first test key, or a sync."""

    async def work() -> None:
        async with reach.env_of(settings.read(data=data)) as (on, env):
            live = next((m for m in await tenancy.open_malls(env) if m.slug == slug), None)
            if live is None or live.shadow_of is not None:
                raise click.ClickException(f"There is no live mall {slug}. 没有名为 {slug} 的正式商城。")
            made = await tenancy.found_shadow(on.admin_dsn, env.ids, live.id, env.clock())
            await _ground(env, made, live.currency)
            reach.console.print(f"The sandbox of {slug} is mall {made.mall_id}.")

    reach.run(work())
