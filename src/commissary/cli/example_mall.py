"""The example mall 券厨示例商城: goods, prices, stock, people and buyers as a wholesaler of vouchers has them.

Everything goes through the doors that an operator's programs use; nothing is put into tables by hand.
"""

import asyncio
import json
import os
import secrets
import string
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace as replace_actor

from commissary import app, catalog, ledger, notify, partners, pricing, sandbox, stock, tenancy, web
from commissary.base import home, money, outgoing
from commissary.base.env import Env
from commissary.catalog.types import Component, FieldSpec, SkuDraft
from commissary.cli import (
    example_company,
    example_papers,
    example_people,
    example_suppliers,
    example_watch,
    reach,
)
from commissary.cli.malls import open_mall
from commissary.partners.types import Business
from commissary.pricing.types import Ladder
from commissary.simulators import Article
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor

SLUG = "example"
SCOPES = ["orders:write", "orders:read", "codes:read", "catalog:read", "balance:read", "webhooks:write"]


# Tabs over the list of orders. The names are codes of the console, which says them in the reader's language.
VIEWS = ((".open", "status=processing"), (".failed", "status=failed"), (".large", "amount_min=500"))


@dataclass(frozen=True)
class Good:
    """A row of the table below; money in yuan."""

    brand: tuple[str, str]
    code: str
    name_zh: str
    name_en: str
    kind: str
    instrument: str
    tax: str
    cost: str
    tiers: tuple[str, str, str]  # list, silver, gold: one piece
    stock: int = 0
    face: str | None = None
    months: int | None = None
    fields: tuple[FieldSpec, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    days: int | None = 365
    low: int = 50
    guide_zh: str = ""
    guide_en: str = ""


_PHONE = FieldSpec("phone", "手机号", "Mobile number", "phone", target=True)
_GAME = (
    FieldSpec("account", "游戏账号", "Game account", "text", target=True, min_length=3, max_length=40),
    FieldSpec("region", "大区", "Server region", "choice", choices=("华东", "华南", "华北")),
    FieldSpec("role", "角色名", "Role name", "text", max_length=24),
)

_VIDEO = ("星河视频", "Xinghe Video")
_MUSIC = ("云雀音乐", "Yunque Music")
_COFFEE = ("山雾咖啡", "Shanwu Coffee")
_FOOD = ("小满外卖", "Xiaoman Delivery")
_MART = ("百汇超市", "Baihui Mart")
_TEL = ("通达话费", "Tongda Mobile")
_GAMES = ("九州游戏", "Jiuzhou Games")
_OFFICE = ("飞鸟会议", "Feiniu Meetings")
_CINEMA = ("光影票务", "Guangying Cinema")

# fmt: off
GOODS = (
    Good(_VIDEO, "XHV-M", "星河视频会员 月卡", "Xinghe Video membership, 1 month", "membership", "subscription", "video_membership",
         "14.2000", ("19.8000", "17.5000", "16.8000"), 1200, months=1, guide_zh="打开 App，我的→兑换，输入卡密", guide_en="App → Me → Redeem, enter the code"),
    Good(_VIDEO, "XHV-Y", "星河视频会员 年卡", "Xinghe Video membership, 1 year", "membership", "subscription", "video_membership",
         "148.0000", ("198.0000", "176.0000", "168.5000"), 400, months=12, guide_zh="打开 App，我的→兑换，输入卡密", guide_en="App → Me → Redeem, enter the code"),
    Good(_MUSIC, "YQM-Q", "云雀音乐 季卡", "Yunque Music, 3 months", "code", "subscription", "modern_service",
         "27.5000", ("36.0000", "33.0000", "31.2000"), 600, months=3, guide_zh="设置→会员兑换", guide_en="Settings → Redeem"),
    Good(_MUSIC, "YQM-Y", "云雀音乐 年卡", "Yunque Music, 12 months", "code", "subscription", "modern_service",
         "99.0000", ("128.0000", "118.0000", "112.0000"), months=12, guide_zh="设置→会员兑换", guide_en="Settings → Redeem"),
    Good(_COFFEE, "SWC-30", "山雾咖啡 30元代金券", "Shanwu Coffee voucher, 30 CNY", "voucher", "specific_item_voucher", "catering",
         "21.3000", ("26.5000", "24.8000", "23.6000"), 900, face="30.0000", days=180, guide_zh="到店出示二维码", guide_en="Show the QR code at the counter"),
    Good(_COFFEE, "SWC-L", "山雾咖啡 中杯美式 兑换链接", "Shanwu Coffee, medium Americano, link", "link", "specific_item_voucher", "catering",
         "11.8000", ("15.9000", "14.6000", "13.9000"), 500, days=90, guide_zh="点击链接领取，到店使用", guide_en="Open the link, use in store"),
    Good(_FOOD, "XMF-15", "小满外卖 15元红包口令", "Xiaoman Delivery, 15 CNY coupon word", "shared_code", "coupon_promo", "modern_service",
         "3.0000", ("5.9000", "5.2000", "4.8000"), 1, face="15.0000", days=30, guide_zh="首页搜索口令领取", guide_en="Enter the word on the home page"),
    Good(_MART, "BHM-100", "百汇超市 100元电子提货券", "Baihui Mart goods voucher, 100 CNY", "code", "specific_item_voucher", "goods",
         "95.6000", ("99.2000", "98.3000", "97.8000"), 1500, face="100.0000", days=1095, guide_zh="结账时出示券号与密码", guide_en="Give number and password at the till"),
    Good(_MART, "BHM-500", "百汇超市 500元电子提货券", "Baihui Mart goods voucher, 500 CNY", "code", "specific_item_voucher", "goods",
         "478.0000", ("496.0000", "491.5000", "488.8000"), 300, face="500.0000", days=1095, guide_zh="结账时出示券号与密码", guide_en="Give number and password at the till"),
    Good(_TEL, "TDM-50", "通达话费直充 50元", "Tongda Mobile top-up, 50 CNY", "topup", "direct_topup", "telecom_basic",
         "49.1000", ("49.9000", "49.7500", "49.6000"), face="50.0000", fields=(_PHONE,), days=None, guide_zh="通常 10 分钟内到账", guide_en="Usually within ten minutes"),
    Good(_TEL, "TDM-100", "通达话费直充 100元", "Tongda Mobile top-up, 100 CNY", "topup", "direct_topup", "telecom_basic",
         "98.2000", ("99.8000", "99.5000", "99.2000"), face="100.0000", fields=(_PHONE,), days=None, guide_zh="通常 10 分钟内到账", guide_en="Usually within ten minutes"),
    Good(_GAMES, "JZG-648", "九州游戏 648元宝直充", "Jiuzhou Games, 648 ingots", "topup", "direct_topup", "modern_service",
         "588.0000", ("632.0000", "618.0000", "609.0000"), face="648.0000", fields=_GAME, days=None, guide_zh="请核对大区与角色名", guide_en="Check region and role name"),
    Good(_GAMES, "JZG-C", "九州游戏 100点卡", "Jiuzhou Games card, 100 points", "code", "specific_item_voucher", "modern_service",
         "88.0000", ("95.0000", "93.0000", "91.8000"), 800, face="100.0000", days=730, guide_zh="官网充值中心输入卡号与密码", guide_en="Enter number and password at the top-up centre"),
    Good(_OFFICE, "FNM-Y", "飞鸟会议 企业席位 年付", "Feiniu Meetings, one seat, 1 year", "code", "subscription", "modern_service",
         "198.0000", ("268.0000", "246.0000", "235.0000"), 200, months=12, low=200, guide_zh="管理后台→激活席位", guide_en="Admin console → activate seat"),
    Good(_CINEMA, "GYC-2D", "光影票务 2D电影通兑券", "Guangying Cinema, any 2D film", "code", "specific_item_voucher", "modern_service",
         "28.6000", ("36.8000", "34.2000", "32.9000"), 700, days=180, guide_zh="选座页选择兑换券支付", guide_en="Pay with the voucher when choosing seats"),
    Good(_CINEMA, "GYC-IMX", "光影票务 IMAX电影通兑券", "Guangying Cinema, any IMAX film", "code", "specific_item_voucher", "modern_service",
         "46.0000", ("58.8000", "54.5000", "52.9000"), days=180, guide_zh="选座页选择兑换券支付", guide_en="Pay with the voucher when choosing seats"),
    Good(_VIDEO, "SET-WKND", "周末套装：视频月卡+美式+红包", "Weekend set: video month, coffee, coupon", "bundle", "specific_item_voucher", "modern_service",
         "0", ("38.8000", "35.6000", "33.9000"), parts=(("XHV-M", 1), ("SWC-L", 1), ("XMF-15", 1)), days=30),
)
# fmt: on

# Who sells to the mall what it has not got; the third does not always say the truth.
SUPPLIERS = (
    example_suppliers.Stand(
        "kasushou",
        "通联直充（示例）",
        (
            Article(
                102,
                "话费直充 50元",
                "topup",
                money.parse("48.9000"),
                5000,
                fields={"recharge_account": "手机号"},
            ),
            Article(
                103,
                "话费直充 100元",
                "topup",
                money.parse("97.8000"),
                5000,
                fields={"recharge_account": "手机号"},
            ),
        ),
    ),
    example_suppliers.Stand(
        "acg_faka", "云端发卡（示例）", (Article(101, "音乐会员 年卡", "code", money.parse("97.5000"), 2000),)
    ),
    example_suppliers.Stand(
        "kakayun",
        "快卡供应（示例）",
        (Article(101, "音乐会员 年卡（快卡）", "code", money.parse("96.8000"), 800),),
        lies=True,
    ),
)
OFFERED = {
    "话费直充 50元": "TDM-50",
    "话费直充 100元": "TDM-100",
    "音乐会员 年卡": "YQM-Y",
    "音乐会员 年卡（快卡）": "YQM-Y",
}
"""Which of the mall's goods an article is."""

PEOPLE = (
    ("purchasing@example.com", "采购 林夏", "purchasing"),
    ("fulfilment@example.com", "发放 周原", "fulfilment"),
    ("finance@example.com", "财务 许宁", "finance"),
    ("support@example.com", "客服 何苗", "support"),
    ("developer@example.com", "开发 秦川", "developer"),
    ("readonly@example.com", "只读 方舟", "readonly"),
)
# One of each buying company, in the order of BUYERS.
SHOPPERS = (
    ("bluewhale@example.com", "蓝鲸 江一帆", "distributor"),
    ("morning@example.com", "代充 顾盼", "distributor"),
    ("faraway@example.com", "远山 陆遥", "enterprise"),
    ("leader@example.com", "团长 温暖", "distributor"),
    ("seller@example.com", "电商 沈知夏", "distributor"),
    ("gifts@example.com", "礼品 程锦", "distributor"),
)
SELLERS = ((example_people.EMAIL, example_people.PERSON, example_people.ROLE),)
BUYERS: tuple[tuple[str, int, str, str, Business], ...] = (
    ("蓝鲸礼品（示例分销商）", 2, "50000", "20000", "general"),
    ("晨光代充工作室", 1, "60000", "0", "topup_dealer"),
    ("远山企业福利", 0, "20000", "100000", "general"),
    ("邻里优选团", 1, "12000", "0", "group_leader"),
    ("晚风数码专营店", 1, "30000", "0", "online_seller"),
    ("锦程礼品", 2, "60000", "50000", "gift_company"),
)


ALL_PEOPLE = PEOPLE + SHOPPERS + example_company.PEOPLE + SELLERS


@dataclass(frozen=True)
class Told:
    """What is printed after a start: the example's own credentials, kept beside the data, never for real malls."""

    slug: str
    key_id: str
    secret: str
    sku_id: str
    sku_name: str
    owner: str
    password: str
    people: tuple[str, ...]
    suppliers: tuple[int, ...] = ()
    """Ports of its suppliers, in the order of SUPPLIERS."""
    test_key: tuple[str, ...] = ()
    """Id and secret of the first buyer's key of the sandbox."""
    hooks: int = 0
    """Port at which the first buyer hears webhooks."""


@dataclass(frozen=True)
class Made:
    """A fresh example, with what its buyers need to order: their keys in the order of BUYERS, and SKUs by code. `actor` is
    who made it, `brands` are ids by name,
    `buyers` those of company and person."""

    told: Told
    keys: tuple[tuple[str, str], ...] = field(repr=False)
    skus: dict[str, int]
    brands: dict[str, int]
    actor: Actor
    buyers: dict[str, tuple[int, int]]


async def make_once(
    platform: app.Platform,
    admin_dsn: str,
    folder: Path,
    suppliers: Sequence[example_suppliers.Open],
    hooks: str = "",
) -> Made | None:
    """Only into an installation that has no mall; None: it has. `suppliers`: those of SUPPLIERS that answer. `hooks`: where
    the first buyer hears webhooks."""
    if await tenancy.open_malls(platform.env):
        return None
    with reach.progress() as bar:
        made = await make(platform.env, admin_dsn, bar.add_task, bar.advance)
    for one in suppliers:
        await _connect(platform, made, one)
    brand = next(good.brand[0] for good in GOODS if good.code == example_people.CODE)
    sold = made.skus[example_people.CODE]
    password = made.told.password
    await example_people.open_people(platform, made.actor, password, sold, made.brands[brand], brand)
    await example_watch.arrange(platform.env, made.actor, made.skus)
    company, manager = made.buyers[example_company.NAME]
    await example_company.arrange(platform, made.actor, company, manager, made.told.password, made.skus)
    told = replace(
        made.told,
        suppliers=tuple(one.port for one in suppliers),
        test_key=await _test_key(platform, made),
        hooks=await _hear(platform, made, hooks) if hooks else 0,
    )
    path = folder / "example.json"
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(told), file, ensure_ascii=False, indent=1)
    return replace(made, told=told)


async def _hear(platform: app.Platform, made: Made, url: str) -> int:
    """The first buyer is told of everything there; its port."""
    port = urlsplit(url).port or 0
    out = outgoing.Outgoing(production=False, allow=(("127.0.0.1", port),))
    company = next(iter(made.buyers.values()))[0]
    await notify.add_endpoint(platform.env, out, made.actor, organisation_id=company, url=url)
    await out.close()
    return port


async def _test_key(platform: app.Platform, made: Made) -> tuple[str, str]:
    """Of the first buyer, in the sandbox; this brings the goods there."""
    keeper = sandbox.Sandbox(platform.env, platform.outward.purchasing)
    there = await keeper.buyer(made.actor, next(iter(made.buyers.values()))[0])
    view, shown = await partners.issue_key(
        platform.env,
        replace_actor(there, permissions=frozenset({"*"})),
        next(iter(made.buyers.values()))[0],
        name="示例测试程序",
        scopes=SCOPES,
    )
    return view.id, shown


def remembered(folder: Path) -> Told | None:
    path = folder / "example.json"
    if not path.exists():
        return None
    stored = json.loads(path.read_text("utf-8"))
    lists = {name: tuple(stored.get(name, ())) for name in ("people", "suppliers", "test_key")}
    return Told(**stored | lists)


def stands(folder: Path) -> list[example_suppliers.Stand]:
    """The example's suppliers, where they were found last time; for a fresh installation, on free ports."""
    told = remembered(folder)
    if told is None:
        return list(SUPPLIERS)
    return [replace(stand, port=port) for stand, port in zip(SUPPLIERS, told.suppliers, strict=False)]


async def _connect(platform: app.Platform, made: Made, one: example_suppliers.Open) -> None:
    """He may sell the brands of what he offers."""
    goods = {good.code: good for good in GOODS}
    wanted = {article.id: OFFERED[article.name] for article in one.stand.articles}
    brands = {made.brands[name]: name for name in {goods[code].brand[0] for code in wanted.values()}}
    offers = {article: made.skus[code] for article, code in wanted.items()}
    await example_suppliers.connect(platform, made.actor, one, offers, brands, at_once=8)


def people_of(told: Told) -> web.Demo:
    """For the console's page of signing in."""
    named = {email: (name, role) for email, name, role in ALL_PEOPLE}
    people = [web.DemoPerson(told.owner, "", "owner")]
    people += [web.DemoPerson(email, *named[email]) for email in told.people if email in named]
    return web.Demo(told.slug, people)


def tell(told: Told, url: str) -> None:
    """Credentials of the example mall and a curl that buys one voucher: paste it into a shell."""
    say = partial(reach.told.print, soft_wrap=True)
    say(f"\n[bold]The example mall[/] ({told.slug}), password of all its people: {told.password}")
    for one in people_of(told).people:
        role = tenancy.ROLES[one.role]
        say(f"  {one.email:<24} {role.zh} {role.en}{' · ' if one.name else ''}{one.name}")
    # Behind the #, so that the password is sent to no server and stands in no log.
    shown = urlencode({"mall": told.slug, "email": told.owner, "password": told.password})
    say(f"  sign in as the owner: {url}/console/login#{shown}")
    say(f"\n[bold]Buy one {told.sku_name} 买一张[/] (signed, paste as it is):\n")
    reach.told.out(curl(told, url), highlight=False)
    if told.test_key:
        say(
            "[bold]A test key 测试密钥[/] (the sandbox: play money, goods that fail on demand; docs/sandbox.md):\n"
        )
        reach.told.out(f"KEY={told.test_key[0]} SECRET={told.test_key[1]}\n", highlight=False)
    say("[bold]From Python 用 Python 购买[/] (sdk/python/README.md):\n")
    variables = {"URL": url, "KEY": told.key_id, "SECRET": told.secret}
    exported = " ".join(f"COMMISSARY_{name}={value}" for name, value in variables.items())
    reach.told.out(f"export {exported}\n", highlight=False)


def curl(told: Told, url: str) -> str:
    return f"""KEY={told.key_id} SECRET={told.secret}
BODY='{{"client_order_no":"first-'$(date +%s)'","sku_id":"{told.sku_id}","quantity":1}}'
TS=$(date +%s) NONCE=$(openssl rand -hex 16)
HASH=$(printf %s "$BODY" | openssl dgst -sha256 -r | cut -d' ' -f1)
SIGN=$(printf 'POST\\n/v1/orders\\n\\n%s\\n%s\\n%s' "$TS" "$NONCE" "$HASH" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
curl -s {url}/v1/orders -H "Commissary-Key: $KEY" -H "Commissary-Timestamp: $TS" -H "Commissary-Nonce: $NONCE" \\
  -H "Commissary-Signature: $SIGN" -H 'Content-Type: application/json' -d "$BODY"; echo
"""


async def make(env: Env, admin_dsn: str, add_task, advance) -> Made:  # type: ignore[no-untyped-def]
    """The whole mall; `add_task` and `advance` belong to a progress bar."""
    password = secrets.token_urlsafe(12)
    made = await open_mall(
        env,
        admin_dsn,
        slug=SLUG,
        name="券厨示例商城",
        owner_email="owner@example.com",
        owner_name="店主 沈一",
        owner_password=password,
        twin=True,
    )
    actor = Actor(made.mall_id, "cli", "operator", made.organisation_id, tenancy.permissions_of("owner"))
    for email, name, role in PEOPLE:
        await tenancy.add_person(
            env,
            actor,
            organisation_id=made.organisation_id,
            email=email,
            name=name,
            password=password,
            role=role,
        )
    task = add_task("Goods and stock", total=len(GOODS))
    supplier = await example_papers.open_supplier(env, actor)
    skus, brands = await _goods(env, actor, supplier, lambda: advance(task))
    tiers = [
        await partners.add_tier(env, actor, name=name, rank=rank)
        for rank, name in enumerate(("银牌", "金牌"), 1)
    ]
    await _prices(env, actor, skus, [t.id for t in tiers])
    keys, buyers = [], {}
    for (name, tier, balance, credit, business), (email, person, role) in zip(BUYERS, SHOPPERS, strict=True):
        tier_id = tiers[tier - 1].id if tier else None
        buyer = await open_buyer(env, actor, name, tier_id, balance, credit, business)
        view, shown = await partners.issue_key(env, actor, buyer, name="示例程序", scopes=SCOPES)
        keys.append((view.id, shown))
        made_person = await tenancy.add_person(
            env, actor, organisation_id=buyer, email=email, name=person, password=password, role=role
        )
        buyers[name] = (buyer, made_person.id)
    owner = replace_actor(actor, kind="person", id=str(made.person_id))
    for position, (name, search) in enumerate(VIEWS):
        draft = tenancy.ViewDraft("orders", name, search, shared=True, position=position)
        await tenancy.save_view(env, owner, draft)
    first = next(g for g in GOODS if g.code == "SWC-30")
    told = Told(
        SLUG,
        *keys[0],
        str(skus[first.code]),
        first.name_zh,
        "owner@example.com",
        password,
        tuple(email for email, _, _ in ALL_PEOPLE),
    )
    return Made(told, tuple(keys), skus, brands, actor, buyers)


async def open_buyer(
    env: Env,
    actor: Actor,
    name: str,
    tier_id: int | None,
    balance: str,
    credit: str,
    business: Business = "general",
) -> int:
    """A buying company with its wallet, money in it and a credit line."""
    here, buyer = home.home(actor.mall_id), env.ids.new()
    async with env.db.transaction(actor.mall_id) as tx:
        wallet = await ledger.open_account(tx, env, here, buyer, "wallet", "CNY")
        await partners.add_buyer(
            tx, env, actor, name=name, account_id=wallet, tier_id=tier_id, business=business, id=buyer
        )
    if (balance_e4 := money.parse(balance)) > 0:
        await ledger.recharge(env, actor, wallet, balance_e4, f"opening-{buyer}", "示例充值")
    if (credit_e4 := money.parse(credit)) > 0:
        await ledger.set_credit(env, actor, wallet, credit_e4, terms_days=30, grace_days=3)
    return buyer


async def _goods(  # type: ignore[no-untyped-def]
    env: Env, actor: Actor, supplier: int, step
) -> tuple[dict[str, int], dict[str, int]]:
    """SKUs by code, brands by name."""
    brands: dict[str, int] = {}
    skus: dict[str, int] = {}
    for good in GOODS:
        zh, en = good.brand
        if zh not in brands:
            brands[zh] = (await catalog.add_brand(env, actor, name_zh=zh, name_en=en)).id
            await example_papers.authorise(env, actor, supplier, brands[zh], zh)
        product = await catalog.add_product(
            env,
            actor,
            brand_id=brands[zh],
            name_zh=good.name_zh,
            name_en=good.name_en,
            guide_zh=good.guide_zh,
            guide_en=good.guide_en,
        )
        draft = SkuDraft(
            product_id=product.id,
            code=good.code,
            name_zh=good.name_zh,
            name_en=good.name_en,
            kind=good.kind,  # type: ignore[arg-type]
            face_value_e4=money.parse(good.face) if good.face else None,
            face_currency="CNY" if good.face else None,
            validity_days=good.days,
            period_months=good.months,
            fields=good.fields,
            components=tuple(Component(skus[code], quantity) for code, quantity in good.parts),
            instrument_class=good.instrument,  # type: ignore[arg-type]
            issuer=zh,
            redeem_scope="issuer",
            registered=False,
            tax_category=good.tax,
            low_stock=good.low if good.stock > 1 else None,
        )
        made = await catalog.create_sku(env, actor, draft)
        await catalog.list_sku(env, actor, made.id, made.version)
        skus[good.code] = made.id
        if good.stock:
            file = "\n".join(codes(good)).encode()
            await stock.import_codes(
                env,
                actor,
                actor.mall_id,
                made.id,
                file,
                ImportOptions(
                    unit_cost_e4=money.parse(good.cost),
                    supplier_id=supplier,
                    source="示例采购单 2026-11",
                    expires_on=date(2028, 12, 31),
                ),
                file_name=f"{good.code}.txt",
            )
        step()
        await asyncio.sleep(0)
    return skus, brands


def codes(good: Good, count: int | None = None) -> Iterator[str]:
    """Lines of a card file as the trade sends them."""
    alphabet = string.ascii_uppercase + string.digits
    for _ in range(good.stock if count is None else count):
        secret = "".join(secrets.choice(alphabet) for _ in range(16))
        if good.kind == "link":
            yield f"https://coffee.example.com/r/{secret}"
        elif good.kind == "shared_code":
            yield "小满请你吃饭1107"
        elif good.kind in ("voucher", "membership"):
            yield secret
        else:
            yield f"{good.code.replace('-', '')}{secrets.randbelow(10**9):09d}----{secret}"


async def _prices(env: Env, actor: Actor, skus: dict[str, int], tiers: list[int]) -> None:
    """A ladder per book: one, ten and fifty pieces."""
    for place, tier in enumerate((None, *tiers)):
        name = ("标准价", "银牌价", "金牌价")[place]
        async with env.db.transaction(actor.mall_id) as tx:
            book = await pricing.open_book(tx, env, actor, "tier" if tier else "list", name, tier_id=tier)
        ladders = {}
        for good in GOODS:
            one = money.parse(good.tiers[place])
            cost = money.parse(good.cost)
            rungs = (one, max(cost, one - one // 200), max(cost, one - one // 80))
            ladders[skus[good.code]] = Ladder((1, 10, 50), rungs)
        await pricing.set_prices(env, actor, book.id, ladders, reason="示例价目")
