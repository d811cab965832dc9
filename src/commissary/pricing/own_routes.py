"""Prices before a buyer's own people: quotes, and what they are told of. What they may buy is told by `insight`."""

from litestar import delete, get, post, put

from commissary import partners
from commissary.base.errors import RequestRefusal
from commissary.base.wire import said
from commissary.partners.types import PartnerRefusal
from commissary.pricing.routes import create_quote
from commissary.pricing.subscription_routes import list_own, put_own, remove_own
from commissary.pricing.types import PricingRefusal

ROOT = "/console/v1/own"
TAGS = ["Own: goods"]

quote_twin = post(
    f"{ROOT}/quotes",
    operation_id="createMyQuote",
    tags=TAGS,
    summary="A price that binds the mall for a while",
    opt=said(
        "锁价报价",
        "",
        PricingRefusal.unknown_sku,
        PricingRefusal.not_for_sale,
        PricingRefusal.quantity_over_limit,
        PricingRefusal.not_priced,
        PricingRefusal.below_floor,
    ),
    dependencies=partners.OWN,
)(create_quote.fn)

quote_for_buyer = post(
    "/console/v1/buyers/{buyer_id:str}/quotes",
    operation_id="createQuoteForBuyer",
    tags=["Orders"],
    summary="A buyer's price that binds the mall for a while, for an order by hand",
    opt=said(
        "为客户锁价报价（代客下单）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.buyer_not_active,
        PricingRefusal.unknown_sku,
        PricingRefusal.not_for_sale,
        PricingRefusal.quantity_over_limit,
        PricingRefusal.not_priced,
        PricingRefusal.below_floor,
    ),
    dependencies=partners.FOR_BUYER,
)(create_quote.fn)

subscriptions_twin = get(
    f"{ROOT}/price-subscriptions",
    operation_id="listMyPriceSubscriptions",
    tags=TAGS,
    summary="What one's own company is told of its prices",
    opt=said("本企业的价格订阅"),
    dependencies=partners.OWN,
)(list_own.fn)

subscribe_twin = put(
    f"{ROOT}/price-subscriptions",
    operation_id="putMyPriceSubscription",
    tags=TAGS,
    summary="Be told when prices move, or what may be bought",
    opt=said("订阅价格与可售变动", "", PricingRefusal.unknown_sku, PricingRefusal.too_many_subscriptions),
    dependencies=partners.OWN,
)(put_own.fn)

unsubscribe_twin = delete(
    f"{ROOT}/price-subscriptions/{{subscription_id:str}}",
    operation_id="removeMyPriceSubscription",
    tags=TAGS,
    summary="End a price subscription",
    opt=said("取消价格订阅", "", RequestRefusal.not_found, PricingRefusal.no_such_subscription),
    dependencies=partners.OWN,
)(remove_own.fn)

ROUTES = [quote_for_buyer, quote_twin, subscriptions_twin, subscribe_twin, unsubscribe_twin]
