"""A supplier by configuration alone: a `FormSpec` in the connection's settings says how it is asked and what it answers.

For suppliers that are simple: JSON or forms over POST or GET, signed by a rule of `dialects`, one object for an order that can
be asked for by our own number, a code in every answer. What such a protocol says beside, this connector does not hear: an
order that was taken is `accepted` until it is asked about, and a callback, however well signed, is a reason to ask and no
more. A refusal is believed when there is no order under the number either. Where no price limit can be sent, the good is
looked at before it is bought.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commissary.dialects import Parts, compact, verify
from commissary.supply.connectors import form_checks, form_reads, form_sends
from commissary.supply.connectors.answers import form_of, json_of, object_of, only
from commissary.supply.connectors.form_spec import Ask, Callback, Put, kinds, rule
from commissary.supply.connectors.listing import search
from commissary.supply.connectors.refusals import unless_bought
from commissary.supply.types import (
    NOT_FOUND,
    Connection,
    Conversation,
    Facts,
    Fault,
    Forged,
    Good,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Result,
    Unreadable,
)


class Form:
    def __init__(self, connection: Connection) -> None:
        """Raises Refused for settings that are no form."""
        self._spec = spec = form_checks.of(connection.settings)
        self._to = replace(connection, base_url=connection.base_url or spec.base_url)
        form_checks.check_address(self._to.base_url)
        self.facts = Facts(
            idempotent=spec.idempotent,
            queries=True,
            cancels=spec.cancel is not None,
            callbacks=spec.callback is not None,
            guard=None if spec.place.guard is None else spec.place.guard.of,
            kinds=kinds(spec),
            field=spec.fields[0].name if spec.fields else "",
            tells_money=spec.order_reads.cost is not None,
            quiet_s=spec.quiet_s,
            says_missing=spec.query.empty_is_missing or bool(spec.answer.missing),
            says_refunds=spec.order_reads.refunded is not None or spec.order_reads.back is not None,
            signs_callbacks=False,
            passes_over=form_reads.named(spec),
        )
        self.heard = b"" if spec.callback is None else spec.callback.answer.encode()

    def balance(self, at_ms: int) -> Conversation[int]:
        told = yield from self._ask(self._spec.balance, {}, at_ms)
        return sum(form_reads.balance(told, each) for each in self._spec.balance.add)

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        ask, page = self._spec.goods, int(cursor or 1)
        told = yield from self._ask(ask, {"page": page, "size": ask.size}, at_ms)
        found = form_reads.objects(form_reads.at(told, ask.at))
        more = bool(ask.total) and page * ask.size < form_reads.whole(told, ask.total)
        more = more or (bool(ask.pages) and page < form_reads.whole(told, ask.pages))
        goods = tuple([form_reads.good(self._spec, each) for each in found])
        return Page(goods, str(page + 1) if more and goods else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        ask = self._spec.good
        if ask is not None:
            told = yield from self._ask(ask, {"good": good_id}, at_ms)
            good = form_reads.good(self._spec, form_reads.an_object(form_reads.at(told, ask.at)))
            if good.id != good_id:
                raise Unreadable("another good")
            return good
        return (yield from search(self.goods, at_ms, good_id))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        ask = self._spec.template
        if ask is None:
            good = yield from self.good(at_ms, good_id)
            return good.fields or ()
        told = yield from self._ask(ask, {"good": good_id}, at_ms)
        fields = [
            InputField(name := form_reads.text(each, ask.name), form_reads.said(each, ask.label) or name)
            for each in form_reads.objects(form_reads.at(told, ask.at))
        ]
        if len({field.name for field in fields}) < len(fields):
            raise Unreadable("two fields of one name")
        return tuple(fields)

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        ask, known = self._spec.place, self._spec.answer
        try:
            request = form_sends.order(self._spec, self._to, at_ms, purchase)
        except Fault as fault:
            return Result(Outcome.failed, reason=fault.code, said=fault.said)  # nothing was sent
        if ask.guard is None and (no := (yield from self._looked_at(at_ms, purchase))) is not None:
            return (yield from unless_bought(self.query(at_ms, purchase.ref), no))
        answer = json_of((yield request))
        code, said = form_reads.word(answer, known.code), form_reads.said(answer, known.said)
        if code in known.ok:
            placed = form_reads.an_object(form_reads.at(answer, ask.at))
            number = form_reads.text(placed, ask.supplier_ref) if ask.supplier_ref else ""
            cost_e4 = None if ask.cost is None else form_reads.amount(placed, ask.cost)
            return Result(Outcome.accepted, number, cost_e4)
        if code not in known.refused + known.repeated:
            return Result(Outcome.unknown, reason=code, said=said)
        # A number that was used before, and yet no order under it: one of the two is wrong.
        outcome = Outcome.unknown if code in known.repeated else Outcome.failed
        no = Result(outcome, reason=code, said=said)
        return (yield from unless_bought(self.query(at_ms, purchase.ref), no))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        ask, reads = self._spec.query, self._spec.order_reads
        answer = yield from self._say(ask, {"ref": ref, "supplier_ref": supplier_ref}, at_ms)
        if form_reads.word(answer, self._spec.answer.code) in self._spec.answer.missing:
            return Result(Outcome.failed, reason=NOT_FOUND)
        found = form_reads.at(self._kept(answer), ask.at)
        if found == [] and ask.empty_is_missing:
            return Result(Outcome.failed, reason=NOT_FOUND)
        if isinstance(found, list):
            found = only(form_reads.objects(found), "orders")
        told = form_reads.an_object(found)
        if form_reads.text(told, reads.ref) != ref:
            raise Unreadable("another order")
        return form_reads.result(reads, told)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """A request; whether it was heeded, the order says later."""
        if self._spec.cancel is None:
            yield from ()
            return Result(Outcome.unknown, supplier_ref, reason="no_cancel")
        answer = yield from self._say(self._spec.cancel, {"ref": ref, "supplier_ref": supplier_ref}, at_ms)
        known = self._spec.answer
        code = form_reads.word(answer, known.code)
        outcome = Outcome.accepted if code in known.ok else Outcome.unknown
        return Result(outcome, supplier_ref, reason=code, said=form_reads.said(answer, known.said))

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        form = self._spec.callback
        if form is None:
            raise Forged
        told = object_of(body) if form.encoding == "json" else form_of(body)
        try:
            signed = self._signed(form, told, headers, query, body)
        except (TypeError, ValueError, RecursionError):  # a number with a point, half a letter, a pit
            raise Unreadable("cannot have been signed") from None
        if not signed:
            raise Forged
        return Notice(form_reads.text(told, form.ref), Result(Outcome.unknown), ask_again=True)

    def _looked_at(self, at_ms: int, purchase: Purchase) -> Conversation[Result | None]:
        """None: it may be bought at that price."""
        try:
            good = yield from self.good(at_ms, purchase.good_id)
        except Fault as fault:
            return Result(Outcome.failed, reason=fault.code, said=fault.said)
        if not good.on_sale:
            return Result(Outcome.failed, reason="not_on_sale")
        if good.price_e4 > purchase.most_unit_e4:
            return Result(Outcome.failed, reason="dearer", said=f"{good.price_e4} > {purchase.most_unit_e4}")
        return None

    def _signed(
        self,
        form: Callback,
        told: Mapping[str, Any],
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> bool:
        places: dict[str, Mapping[str, Any]] = {"header": headers, "query": query, "parameter": told}

        def found(put: Put | None) -> str:
            if put is None:
                return ""
            return str(places[put.in_].get(put.name.lower() if put.in_ == "header" else put.name, ""))

        spec = rule(self._spec.sign.spec if form.spec is None else form.spec)
        values = told
        if isinstance(spec, Parts):
            if form.body is not None:
                kept = {name: value for name, value in told.items() if name not in form.body.without}
                body = compact(kept, ordered=True, slashes=form.body.slashes).encode()
            values = form_sends.parts(self._spec, self._to, found(form.timestamp), "POST", "", "", body)
        ours = form.account is None or found(form.account) == self._to.account
        return verify(spec, values, self._to.secret, found(form.sign)) and ours

    # The wire

    def _ask(self, ask: Ask, ours: Mapping[str, str | int], at_ms: int) -> Conversation[dict[str, Any]]:
        return self._kept((yield from self._say(ask, ours, at_ms)))

    def _say(self, ask: Ask, ours: Mapping[str, str | int], at_ms: int) -> Conversation[dict[str, Any]]:
        return json_of((yield form_sends.request(self._spec, self._to, at_ms, ask, ours)))

    def _kept(self, answer: dict[str, Any]) -> dict[str, Any]:
        known = self._spec.answer
        code = form_reads.word(answer, known.code)
        if code in known.ok:
            return answer
        if code in known.refused + known.repeated + known.missing:
            raise Fault(code, form_reads.said(answer, known.said))
        raise Unreadable(f"code {code[:40]}")
