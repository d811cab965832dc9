"""卡速售 2.0 as a supplier speaks it (doc.kasushou.com/api/v2api)."""

import hashlib
import json
from typing import Any

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REASONS = {
    "repeated": "订单号重复",
    "off_sale": "商品已下架",
    "no_stock": "库存不足",
    "field_missing": "下单参数缺失",
    "too_dear": "商品售价高于安全价格",
    "no_balance": "余额不足",
}
_STATES = {"doing": 2, "done": 3, "partial": 5, "failed": 5}


class Kasushou:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path.endswith("/order/buy")

    def answer(self, asked: Asked) -> Said:
        headers = asked.headers
        if headers.get("userid") != self.shop.account or headers.get("sign") != self._sign(
            headers.get("timestamp", ""), asked.body
        ):
            return _said(400, "签名错误")
        what = json.loads(asked.body)
        if list(what) != sorted(what):
            return _said(400, "参数未排序")
        path = asked.path.removeprefix("/api/v1/")
        known = {
            "user/info": self._balance,
            "goods/list": self._list,
            "goods/info": self._info,
            "goods/attach": self._attach,
            "order/buy": self._buy,
            "order/info": self._order,
            "order/close": self._close,
        }.get(path)
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        at = "1764140000000"
        told: dict[str, Any] = {
            "external_orderno": order.ref,
            "has_back_money": money.text(order.refunded_e4),
            "ordersn": order.number,
            "recharge_hints": "订单处理完成/done",
            "status": str(_STATES[order.state]),
            "time": at,
            "total_price": money.text(order.total_e4),
        }
        # PHP's json_encode(…, 256): letters as they are, slashes escaped.
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("/", "\\/")
        told["card_list"] = _cards(order)
        told["sign"] = self._sign(at, body.encode())
        sent = json.dumps(told, ensure_ascii=False).encode()
        return called_back(self.shop, order, {"content-type": "application/json"}, sent)

    def changed(self, article: Article) -> Asked:
        """That an article is another now: pushed to the account's address, its price not signed."""
        at = "1764140000000"
        signed = {"id": str(article.id), "time": at}
        body = json.dumps(signed, separators=(",", ":"), sort_keys=True)
        told = signed | {"goods_price": money.text(article.price_e4), "sign": self._sign(at, body.encode())}
        sent = json.dumps(told, ensure_ascii=False).encode()
        return called_back(self.shop, None, {"content-type": "application/json"}, sent)

    def _sign(self, at: str, body: bytes) -> str:
        return hashlib.sha1(at.encode() + body + self.shop.key.encode(), usedforsecurity=False).hexdigest()

    def _balance(self, _what: dict[str, Any]) -> Said:
        return _said(200, "成功", {"balance": money.text(self.shop.balance_e4)})

    def _list(self, what: dict[str, Any]) -> Said:
        articles = list(self.shop.articles.values())
        size, page = int(what.get("limit") or 100), int(what.get("page") or 1)
        shown = articles[(page - 1) * size : page * size]
        return _said(200, "成功", {"list": [_article(a) for a in shown], "total": len(articles)})

    def _info(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["id"]))
        if article is None:
            return _said(400, "商品不存在")
        told = {**_article(article), "start_count": 1, "end_count": 10, "attach": _attach(article)}
        return _said(200, "成功", told)

    def _attach(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["goods_id"]))
        return _said(400, "商品不存在") if article is None else _said(200, "成功", _attach(article))

    def _buy(self, what: dict[str, Any]) -> Said:
        safe, quantity = what.get("safe_price"), int(what["quantity"])
        done = self.shop.buy(
            what["external_orderno"],
            int(what["id"]),
            quantity,
            what.get("attach") or {},
            money.parse(safe) * quantity if safe else None,
            what.get("url", ""),
        )
        if isinstance(done, str):
            return _said(400, _REASONS[done])
        placed = {
            "ordersn": done.number,
            "external_orderno": done.ref,
            "total_price": money.text(done.total_e4),
        }
        return _said(200, "下单成功", placed)

    def _order(self, what: dict[str, Any]) -> Said:
        refs, numbers = [(what.get(name) or "").split(",") for name in ("external_orderno", "ordersn")]
        found = [self.shop.orders[ref] for ref in refs if ref in self.shop.orders]
        found += [o for o in map(self.shop.numbers.get, numbers) if o is not None and o not in found]
        told = [
            {
                "ordersn": o.number,
                "external_orderno": o.ref,
                "recharge_info": [{"n": k, "v": v, "k": k} for k, v in o.fields.items()],
                "recharge_hints": "",
                "status": _STATES[o.state],
                "total_price": money.text(o.total_e4),
                "has_back_money": money.text(o.refunded_e4),
                "card_list": _cards(o),
            }
            for o in map(self.shop.look, found)
        ]
        return _said(200, "成功", told)

    def _close(self, what: dict[str, Any]) -> Said:
        order = self.shop.numbers.get(what.get("ordersn") or "")
        if order is None or order.state != "doing":
            return _said(400, "订单无法撤单")
        self.shop.fail(order)
        return _said(200, "已提交")


def _said(code: int, message: str, data: object = None) -> Said:
    told = {"code": code, "msg": message, "data": data}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "goods_name": article.name,
        "goods_img": "",
        "goods_type": 1 if article.kind == "code" else 2,
        "face_value": money.text(article.price_e4),
        "goods_price": money.text(article.price_e4),
        "status": 1 if article.on_sale else 2,
        "stock_num": article.stock,
        "can_buy": "京东,快手",
        "can_no_buy": "抖音",
        "can_price": "",
        "need_balance": "",
    }


def _attach(article: Article) -> list[dict[str, str]]:
    return [{"key": k, "type": "text", "tip": label, "name": label} for k, label in article.fields.items()]


def _cards(order: Order) -> list[dict[str, str]]:
    return [{"card_no": number, "card_password": secret} for number, secret in order.codes]
