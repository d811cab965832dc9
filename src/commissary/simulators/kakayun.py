"""卡卡云 v3 as a supplier speaks it (showdoc.com.cn/2592446100589081)."""

import hashlib
import json
from typing import Any

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REASONS = {
    "repeated": (1205, "用户订单号已存在"),
    "off_sale": (1206, "商品不存在或者已下架"),
    "no_stock": (-1, "库存不足"),
    "field_missing": (1208, "充值帐号为空"),
    "too_dear": (1210, "存在亏本"),
    "no_balance": (1213, "用户余额不足"),
}
_STATES = {"doing": 3, "done": 5, "partial": 4, "failed": 4}


class Kakayun:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path.endswith("/order/create")

    def answer(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        if what.get("userid") != self.shop.account:
            return _said(1000, "商户ID无效")
        if len(str(what.get("timestamp", ""))) != 10:
            return _said(403, "时间戳过期")
        if what.get("sign") != self._sign(what):
            return _said(401, "签名效验失败")
        known = {
            "user/info": self._balance,
            "goods/all": self._list,
            "goods/details": self._details,
            "goods/tpl": self._template,
            "order/create": self._create,
            "order/get": self._order,
            "order/cancelOrder": self._cancel,
        }.get(asked.path.removeprefix("/dockapiv3/"))
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        told: dict[str, Any] = {
            "push_type": 1 if order.article.kind == "code" else 0,
            **_order(order),
            "refundreceipt": "",
            "timestamp": 1764140000,
        }
        del told["buynum"]
        told["sign"] = self._sign(told)
        body = json.dumps(told, ensure_ascii=False).encode()
        return called_back(self.shop, order, {"content-type": "application/json"}, body)

    def _sign(self, what: dict[str, Any]) -> str:
        pairs = [
            f"{name}={_plain(what[name])}"
            for name in sorted(what)
            if name != "sign" and what[name] is not None and what[name] != ""
        ]
        return hashlib.md5(("&".join(pairs) + self.shop.key).encode(), usedforsecurity=False).hexdigest()

    def _balance(self, _what: dict[str, Any]) -> Said:
        """A credit of 500, so that the account may be overdrawn."""
        told = {"money": money.text(self.shop.balance_e4 - 500 * money.E4), "creditquota": "500.00"}
        return _said(1, "查询成功", told)

    def _list(self, what: dict[str, Any]) -> Said:
        articles = list(self.shop.articles.values())
        size, page = min(int(what.get("limit") or 10), 50), int(what.get("page") or 1)
        shown = [_article(a) for a in articles[(page - 1) * size : page * size]]
        pages = (len(articles) + size - 1) // size
        return _said(1, "success", shown, nowpage=str(page), allpage=pages, count=len(articles))

    def _details(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["goodsid"]))
        if article is None:
            return _said(1214, "商品不存在")
        return _said(
            1, "success", {**_article(article), "minbuy": 1, "maxbuy": 5000, "details": "<p>详情</p>"}
        )

    def _template(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["goodsid"]))
        if article is None:
            return _said(1214, "商品不存在")
        told = [
            {"type": int(name), "title": label, "desc": f"请输入{label}"}
            for name, label in article.fields.items()
        ]
        return _said(1, "接口调用成功", told)

    def _create(self, what: dict[str, Any]) -> Said:
        if not what.get("goodsid"):
            return _said(1203, "商品ID字段为空")
        if not what.get("buynum"):
            return _said(1204, "buynum字段为空")
        good, most = int(what["goodsid"]), what.get("maxmoney")
        done = self.shop.buy(
            what["usorderno"],
            good,
            int(what["buynum"]),
            self._fields(good, what.get("attach")),
            money.parse(most) if most else None,
            what.get("callbackurl", ""),
        )
        if isinstance(done, str):
            return _said(*_REASONS[done])
        return _said(1, "提交成功", {"orderno": done.number, "usorderno": done.ref})

    def _fields(self, good: int, attach: Any) -> dict[str, str]:
        """A text is the account, whatever the type of the one field."""
        if isinstance(attach, list):
            return {str(each["attachtype"]): each["value"] for each in attach}
        article = self.shop.articles.get(good)
        return {name: attach for name in (article.fields if article else ()) if attach}

    def _order(self, what: dict[str, Any]) -> Said:
        found = self._named(what)
        if isinstance(found, Said):
            return found
        return _said(1, "查询成功", _order(self.shop.look(found)))

    def _cancel(self, what: dict[str, Any]) -> Said:
        found = self._named(what)
        if isinstance(found, Said):
            return _said(0, "退款失败:订单不存在", "")
        if found.state != "doing":
            return _said(0, "退款失败", "")
        self.shop.fail(found)
        return _said(1, "退款成功", "")

    def _named(self, what: dict[str, Any]) -> Order | Said:
        ref, number = what.get("usorderno"), what.get("orderno")
        if not ref and not number:
            return _said(1300, "系统单号和商家单号都为空")
        order = self.shop.orders.get(ref) if ref else self.shop.numbers.get(str(number))
        return _said(1301, "订单不存在") if order is None else order


def _said(code: int, message: str, data: object = None, **beside: object) -> Said:
    told = {"code": code, "msg": message, "data": data, **beside}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _plain(value: object) -> str:
    """PHP: json_encode with letters and slashes as they are."""
    if isinstance(value, str) or type(value) is int:
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _article(article: Article) -> dict[str, Any]:
    return {
        "goodsid": article.id,
        "imgurl": "",
        "goodsname": article.name,
        "goodsprice": money.text(article.price_e4),
        "goodsstatus": 1 if article.on_sale else 0,
        "goodstype": 0 if article.kind == "code" else 1,
        "stock": article.stock,
        "groupid": 7381,
        "marketprice": "0.0000",
        "attach": [
            {"title": label, "tip": f"请输入{label}", "verification": 0} for label in article.fields.values()
        ],
    }


def _order(order: Order) -> dict[str, Any]:
    back = 0 if not order.refunded_e4 else 1 if order.refunded_e4 == order.total_e4 else 2
    return {
        "orderno": order.number,
        "usorderno": order.ref,
        "money": money.text(order.total_e4),
        "buynum": order.quantity,
        "status": _STATES[order.state],
        "refundmoney": money.text(order.refunded_e4),
        "refundstatus": back,
        "receipt": "",
        "cardlist": [f"卡号：{number} 卡密：{secret}\r" for number, secret in order.codes],
        "cards": [
            {
                "card_no": number,
                "card_pwd": secret,
                "card_type": 1,
                "card_denomination": 100,
                "card_expire_at": 1795676000,
            }
            for number, secret in order.codes
        ],
    }
