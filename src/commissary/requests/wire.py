"""Purchase requests on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.errors import invalid
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.catalog.types import FieldSpec
from commissary.requests.ask import Asked
from commissary.requests.goods import Good
from commissary.requests.place import order_no_of
from commissary.requests.types import Recipient, Request, RequestLine, RequestState, Sealed

RequestNo = Annotated[str, form(r"[\x21-\x7e]+", least=1, most=64)]
Words = Annotated[str, msgspec.Meta(max_length=500)]
Fields = dict[Annotated[str, msgspec.Meta(max_length=64)], Annotated[str, msgspec.Meta(max_length=500)]]


class RequestLineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sku_id: Id
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    fields: Fields | None = None


class RecipientIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    contact: Annotated[str, msgspec.Meta(max_length=120)] = ""


class RequestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`request_no` is the page's key: the same again is the same request. `max_amount`: what it may come to at the moment of the
    order; without it, what it costs now. `department_id`: without it, the one joined first."""

    request_no: RequestNo
    lines: Annotated[list[RequestLineIn], msgspec.Meta(min_length=1, max_length=100)]
    reason: Words = ""
    recipients: Annotated[list[RecipientIn], msgspec.Meta(max_length=500)] = []
    department_id: Id | None = None
    max_amount: Money | None = None

    def asked(self) -> Asked:
        lines = [RequestLine(int(one.sku_id), one.quantity, 0, one.fields) for one in self.lines]
        people = [Recipient(one.name.strip(), one.contact.strip()) for one in self.recipients]
        of = int(self.department_id) if self.department_id is not None else None
        return Asked(self.request_no, lines, self.reason, people, of, _amount(self.max_amount))


class RequestDecisionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`max_amount`: the request's, as the decider saw it; needed to approve."""

    approve: bool
    max_amount: Money | None = None
    comment: Words = ""

    def most_e4(self) -> int | None:
        if self.approve and self.max_amount is None:
            raise invalid("max_amount", "say what you saw / 请带上您看到的金额")
        return _amount(self.max_amount)


class RequestLineOut(msgspec.Struct, frozen=True):
    """`fields` only for one request, before those who may see it."""

    sku_id: str
    quantity: int
    unit_price: Money
    fields: dict[str, str] | None = None


class RequestOut(msgspec.Struct, frozen=True):
    """`alone`: within what its asker buys alone. `failure`: the code of the refusal that its order met. `may_decide`: whether
    whoever looks may."""

    id: str
    request_no: str
    department_id: str
    department: str
    asked_by: str
    asker: str
    reason: str
    lines: list[RequestLineOut]
    recipient_count: int
    amount: Money
    max_amount: Money
    status: RequestState
    alone: bool
    decider: str | None
    decided_at: datetime | None
    comment: str
    order_id: str | None
    client_order_no: str
    failure: str
    may_decide: bool
    asked_at: datetime
    updated_at: datetime
    recipients: list[Recipient] | None = None


class RequestPage(msgspec.Struct, frozen=True):
    """`to_decide`: how many wait for whoever looks; at most 200 are counted."""

    items: list[RequestOut]
    next: str | None
    to_decide: int


class AskableOut(msgspec.Struct, frozen=True):
    sku_id: str
    code: str
    name_zh: str
    name_en: str
    unit_price: Money
    max_quantity: int
    fields: list[FieldSpec]


class AskableList(msgspec.Struct, frozen=True):
    items: list[AskableOut]


def request_out(
    one: Request,
    lines: list[RequestLine],
    people: dict[int, str],
    departments: dict[int, str],
    *,
    may_decide: bool,
    sealed: Sealed | None = None,
) -> RequestOut:
    def shown(amount_e4: int) -> Money:
        return money.of(amount_e4, one.currency)

    told = [
        RequestLineOut(
            str(line.sku_id),
            line.quantity,
            shown(line.unit_price_e4),
            dict(line.fields) if line.fields else None,
        )
        for line in lines
    ]
    return RequestOut(
        id=str(one.id),
        request_no=one.request_no,
        department_id=str(one.department_id),
        department=departments.get(one.department_id, ""),
        asked_by=str(one.asked_by),
        asker=people.get(one.asked_by, ""),
        reason=one.reason,
        lines=told,
        recipient_count=one.recipients,
        amount=shown(one.amount_e4),
        max_amount=shown(one.most_e4),
        status=one.state,
        alone=one.alone,
        decider=people.get(one.decided_by, "") if one.decided_by is not None else None,
        decided_at=one.decided_at,
        comment=one.comment,
        order_id=str(one.order_id) if one.order_id is not None else None,
        client_order_no=order_no_of(one.id),
        failure=one.failure,
        may_decide=may_decide and one.state == "asked",
        asked_at=one.asked_at,
        updated_at=one.updated_at,
        recipients=sealed.recipients if sealed is not None else None,
    )


def good_out(one: Good, currency: str) -> AskableOut:
    card, price = one.card, money.of(one.unit_price_e4, currency)
    named = (str(card.id), card.code, card.name_zh, card.name_en)
    return AskableOut(*named, price, card.max_quantity, list(card.fields))


def _amount(given: Money | None) -> int | None:
    if given is None:
        return None
    amount_e4 = money.parse(given.amount)
    if not 0 <= amount_e4 <= money.MAX_E4:
        raise invalid("max_amount.amount", f"0 to {money.text(money.MAX_E4)} / 金额超出范围")
    return amount_e4
