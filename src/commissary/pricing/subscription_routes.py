"""Price subscriptions over HTTP: in the console for every buyer, in the partner API for the caller's own."""

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.pricing import subscriptions
from commissary.pricing.subscription_wire import SubscriptionIn, SubscriptionOut, subscription_out, wanted
from commissary.pricing.types import PricingRefusal
from commissary.tenancy.types import Actor, Caller

Signed = NamedDependency[SkipValidation[Caller]]
_ZH = (
    "同名订阅即覆盖。仅推送贵方自己的价格：事件 `price.changed`、`sku.available`、`sku.unavailable` 发往您的 Webhook 端点。"
    "阈值以上次告知的价格为基准，多次小幅变动累计到阈值同样推送；连续变动合并为最后状态。"
)


@get(
    "/console/v1/buyers/{buyer_id:str}/price-subscriptions",
    operation_id="listPriceSubscriptions",
    tags=["Prices"],
    summary="What a buyer is told of his prices",
    opt=said("客户的价格订阅", "", RequestRefusal.not_found),
)
async def list_of_buyer(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buyer_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[SubscriptionOut]:
    found = await subscriptions.list_subscriptions(
        env, actor, number(buyer_id), after=after(cursor), size=sized(size)
    )
    return page(found, size, subscription_out, lambda s: s.id)


@put(
    "/console/v1/buyers/{buyer_id:str}/price-subscriptions",
    operation_id="putPriceSubscription",
    tags=["Prices"],
    summary="Let a buyer be told of his prices",
    opt=said(
        "为客户设置价格订阅",
        "",
        RequestRefusal.not_found,
        PricingRefusal.unknown_sku,
        PricingRefusal.too_many_subscriptions,
    ),
)
async def put_of_buyer(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buyer_id: FromPath[str],
    data: JSONBody[SubscriptionIn],
) -> SubscriptionOut:
    return subscription_out(await subscriptions.subscribe(env, actor, number(buyer_id), wanted(data)))


@delete(
    "/console/v1/price-subscriptions/{subscription_id:str}",
    operation_id="removePriceSubscription",
    tags=["Prices"],
    summary="End a price subscription",
    opt=said("取消价格订阅", "", RequestRefusal.not_found, PricingRefusal.no_such_subscription),
)
async def remove(
    env: NamedDependency[Env], actor: NamedDependency[Actor], subscription_id: FromPath[str]
) -> None:
    await subscriptions.unsubscribe(env, actor, number(subscription_id))


@get(
    "/v1/price-subscriptions",
    operation_id="listOwnPriceSubscriptions",
    tags=["Products"],
    summary="What you are told of your prices",
    opt=said("贵方的价格订阅"),
)
async def list_own(
    env: NamedDependency[Env], caller: Signed, cursor: Cursor = None, size: Size = 50
) -> Page[SubscriptionOut]:
    found = await subscriptions.list_subscriptions(
        env, _acting(caller), caller.key.organisation_id, after=after(cursor), size=sized(size)
    )
    return page(found, size, subscription_out, lambda s: s.id)


@put(
    "/v1/price-subscriptions",
    operation_id="putOwnPriceSubscription",
    tags=["Products"],
    summary="Be told when your prices move, or what you may buy",
    description="By the webhooks `price.changed`, `sku.available` and `sku.unavailable`, at your own prices. The base of the "
    "threshold is the price that you were told last, so many small moves are told when they add up to it; of a burst, "
    "the last state. Needs the scopes `catalog:read` and `webhooks:write`.",
    opt=said(
        "订阅价格与可售变动",
        _ZH,
        PricingRefusal.unknown_sku,
        PricingRefusal.too_many_subscriptions,
        examples={
            "two SKUs, from 2 % on": {
                "sku_ids": ["250782049558855680", "250782049563050024"],
                "threshold_bp": 200,
            },
            "all that you may buy": {"threshold_bp": 0, "availability": True, "window_s": 1},
        },
    ),
)
async def put_own(
    env: NamedDependency[Env], caller: Signed, data: JSONBody[SubscriptionIn]
) -> SubscriptionOut:
    own = caller.key.organisation_id
    return subscription_out(await subscriptions.subscribe(env, _acting(caller), own, wanted(data)))


@delete(
    "/v1/price-subscriptions/{subscription_id:str}",
    operation_id="removeOwnPriceSubscription",
    tags=["Products"],
    summary="End a price subscription",
    opt=said("取消价格订阅", "", RequestRefusal.not_found, PricingRefusal.no_such_subscription),
)
async def remove_own(env: NamedDependency[Env], caller: Signed, subscription_id: FromPath[str]) -> None:
    await subscriptions.unsubscribe(env, _acting(caller), number(subscription_id), caller.key.organisation_id)


def _acting(caller: Caller) -> Actor:
    """Who sees prices and keeps webhooks."""
    tenancy.require_scope(caller, "catalog:read")
    tenancy.require_scope(caller, "webhooks:write")
    return tenancy.actor_of(caller, "own.webhooks.write")


ROUTES = [list_of_buyer, put_of_buyer, remove, list_own, put_own, remove_own]
