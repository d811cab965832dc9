"""Whether a form says enough, and nothing that it must not. Refusals name the field, in both languages."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from commissary.base.errors import invalid
from commissary.dialects import SPECS, Characters, Parts
from commissary.supply.connectors.form_spec import (
    OURS,
    PARTS,
    Ask,
    Callback,
    CodeText,
    FormSpec,
    Place,
    Put,
    Sign,
    kinds,
    rule,
    sent_as,
)
from commissary.supply.types import Outcome

_DIGESTS = frozenset({"md5", "sha1", "sha256", "sha512"})
_BODIES = frozenset({"body", "body_md5", "body_sha256"})
_TAKEN = frozenset(
    {"accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding"}
)


def of(settings: Mapping[str, object]) -> FormSpec:
    """Decoded and checked, or Refused with the name of the bad field."""
    try:
        spec = msgspec.convert(dict(settings), FormSpec)
    except msgspec.ValidationError as error:
        raise invalid(*_said(error)) from None
    _check_sign(spec)
    _check_asks(spec)
    _check_reads(spec)
    if spec.callback is not None:
        _check_callback(spec, spec.callback)
    if spec.base_url:
        check_address(spec.base_url)
    return spec


def check_address(url: str) -> None:
    """Of the supplier: everything stays under it."""
    if not _is_address(url):
        raise invalid(
            "base_url", "https://host/path without a slash at its end / 须为 https://主机/路径，末尾不带斜杠"
        )


def _is_address(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or any(each in url for each in " @?#\\"):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = ".." not in parts.path.split("/") and not url.endswith("/")
    return parts.scheme in ("http", "https") and bool(host) and plain


def _check_sign(spec: FormSpec) -> None:
    signing = spec.sign
    _check_rule("sign.spec", signing.spec, signing.also)
    for name, put in (("put", signing.put), ("timestamp", signing.timestamp), ("account", signing.account)):
        _check_put(f"sign.{name}", put)
    made = rule(signing.spec)
    if isinstance(made, Parts):
        if signing.timestamp is None and "timestamp" in made.parts:
            raise invalid("sign.timestamp", "it is signed, so it is sent / 参与签名，必须填写")
        if _BODIES & set(made.parts) and signing.put.in_ == "parameter":
            raise invalid(
                "sign.put", "a signed body cannot hold its signature / 对请求体签名时，签名不能放在请求体内"
            )
    for name, value in spec.headers.items():
        _check_put(f"headers.{name}", Put("header", name))
        if not value.isascii() or not value.isprintable():
            raise invalid(f"headers.{name}", "printable ASCII / 只能包含可打印的 ASCII 字符")


def _check_rule(field: str, sign: Sign, also: Mapping[str, str]) -> None:
    if isinstance(sign, str) and sign not in SPECS:
        known = ", ".join(sorted(SPECS))
        raise invalid(field, f"no such rule; there are {known} / 没有该签名规则，可用：{known}")
    made = rule(sign)
    if made.digest not in _DIGESTS:
        known = ", ".join(sorted(_DIGESTS))
        raise invalid(f"{field}.digest", f"one of {known} / 只能是 {known}")
    if isinstance(made, Parts):
        for part in made.parts:
            if part not in PARTS and part not in also:
                raise invalid(
                    f"{field}.parts",
                    f"{part!r} is not known; name it in `also` / 未知的签名成分 {part!r}，请在 also 中填写",
                )
    keyed = (
        made.hmac or "key" in made.parts
        if isinstance(made, Parts)
        else isinstance(made, Characters) or "{key}" in made.head + made.tail or bool(made.key_as)
    )
    if not keyed:
        raise invalid(field, "the key takes no part in it / 密钥没有参与签名")


def _check_put(field: str, put: Put | None) -> None:
    if put is None:
        return
    if not put.name:
        raise invalid(f"{field}.name", "a name / 请填写名称")
    if put.in_ == "header":
        token = put.name.replace("-", "").replace("_", "")
        if not (token.isascii() and token.isalnum()) or put.name.lower() in _TAKEN:
            raise invalid(f"{field}.name", "not a header that may be set / 不允许设置该请求头")


def _check_asks(spec: FormSpec) -> None:
    for asked, known in OURS.items():
        ask = getattr(spec, asked)
        if ask is None:
            continue
        _check_path(asked, ask.path)
        for word in ask.send:
            if word not in known:
                says = ", ".join(sorted(known)) or "-"
                raise invalid(f"{asked}.send.{word}", f"one of {says} / 只能是 {says}")
        _check_names(spec, asked, ask)
    for asked, word in (
        ("place", "ref"),
        ("place", "good"),
        ("query", "ref"),
        ("good", "good"),
        ("template", "good"),
    ):
        ask = getattr(spec, asked)
        if ask is not None and word not in ask.send:
            raise invalid(f"{asked}.send.{word}", "must be sent / 必须发送")
    if spec.cancel is not None and not spec.cancel.send:
        raise invalid("cancel.send", "ref or supplier_ref / 须发送 ref 或 supplier_ref")
    if (spec.goods.total or spec.goods.pages) and "page" not in spec.goods.send:
        raise invalid("goods.send.page", "must be sent where there are pages / 分页时必须发送")
    if spec.goods.total and "size" not in spec.goods.send:
        raise invalid("goods.send.size", "must be sent where a total is told / 按总数分页时必须发送")
    if (spec.callback is not None) != ("callback_url" in spec.place.send):
        raise invalid("place.send.callback_url", "goes with `callback` / 须与 callback 同时填写")


def _check_path(asked: str, path: str) -> None:
    """Plain steps below the address, and nothing that a server could read as another way out."""
    steps = path.split("/")
    plain = all(
        step.isascii() and step.replace("-", "").replace("_", "").replace(".", "").isalnum()
        for step in steps[1:]
    )
    if steps[0] or len(steps) < 2 or not plain:
        raise invalid(f"{asked}.path", "a path such as /api/order / 须为 /api/order 形式的路径")


def _check_names(spec: FormSpec, asked: str, ask: Ask) -> None:
    """Nothing is sent twice. A fixed value may stand for one of ours where that is empty."""
    ours = [sent_as(to).name for to in ask.send.values()]
    signing = spec.sign
    puts = [put for put in (signing.put, signing.timestamp, signing.account) if put is not None]
    always = [put.name for put in puts if put.in_ == "parameter"]
    if isinstance(ask, Place):
        always += [ask.guard.name] if ask.guard is not None else []
        always += [ask.fields.name] if ask.fields is not None and ask.fields.shape != "flat" else []
    for name in sorted({*ours, *always, *ask.fixed}):
        if not name:
            raise invalid(f"{asked}.send", "a name is empty / 名称不能为空")
        if (ours + always).count(name) + (name in always and name in ask.fixed) > 1:
            raise invalid(f"{asked}.send", f"{name!r} is sent twice / {name!r} 重复发送")


def _check_reads(spec: FormSpec) -> None:
    answers, order = spec.answer, spec.order_reads
    words = [*answers.ok, *answers.refused, *answers.repeated, *answers.missing]
    if twice := sorted({word for word in words if words.count(word) > 1}):
        raise invalid("answer", f"{twice[0]!r} has two meanings / {twice[0]!r} 有两种含义")
    if Outcome.succeeded not in order.status.words.values():
        raise invalid("order_reads.status.words", "no word says that it succeeded / 没有表示成功的状态")
    if order.refunded is not None and order.cost is None:
        raise invalid("order_reads.cost", "needed where refunds are told / 填写退款金额时必须填写")
    if isinstance(order.codes, CodeText) and not order.codes.between:
        raise invalid("order_reads.codes.between", "must not be empty / 不能为空")
    if "topup" in kinds(spec):
        if spec.place.fields is None:
            raise invalid("place.fields", "needed for top-ups / 直充商品必须填写")
        if (spec.template is None) == (not spec.fields):
            raise invalid(
                "template",
                "either this or `fields`, for top-ups / 直充商品须在 template 与 fields 中任选其一",
            )
        if spec.place.fields.shape == "text" and len(spec.fields) > 1:
            raise invalid("place.fields.shape", "a text holds one field / text 只能容纳一个字段")
    if "code" in kinds(spec) and order.codes is None:
        raise invalid("order_reads.codes", "needed for codes / 卡密商品必须填写")


def _check_callback(spec: FormSpec, callback: Callback) -> None:
    sign = spec.sign.spec if callback.spec is None else callback.spec
    _check_rule("callback.spec", sign, spec.sign.also)
    for name, put in (
        ("sign", callback.sign),
        ("timestamp", callback.timestamp),
        ("account", callback.account),
    ):
        _check_put(f"callback.{name}", put)
    made, top = rule(sign), callback.ref.partition(".")[0]
    if isinstance(made, Parts):
        if not _BODIES & set(made.parts):
            raise invalid("callback.spec", "the number is not signed / 订单号没有参与签名")
        if callback.timestamp is None and "timestamp" in made.parts:
            raise invalid("callback.timestamp", "it is signed / 参与签名，必须填写")
        unsigned: tuple[str, ...] | frozenset[str] = (
            callback.body.without if callback.body is not None else ()
        )
    else:
        unsigned = made.unsigned
        if callback.sign.in_ == "parameter" and callback.sign.name not in unsigned:
            raise invalid("callback.sign", "its name must be in `unsigned` / 签名参数名须列入 unsigned")
    if not top or top in unsigned:
        raise invalid("callback.ref", "the number is not signed / 订单号没有参与签名")


def _said(error: msgspec.ValidationError) -> tuple[str, str]:
    """The field, and why. msgspec writes `… - at `$.place.path``, and the keys of maps as `[...]`."""
    text, _, place = str(error).partition(" - at `")
    field = place.rstrip("`").removeprefix("$").removeprefix(".")
    if "unknown field" in text or "missing required field" in text:
        name = text.rsplit("`", 2)[-2]
        field = f"{field}.{name}" if field else name
    return field or "settings", f"{text} / 配置项缺失、未知或格式不正确"
