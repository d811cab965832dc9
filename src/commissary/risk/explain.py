"""A hit in words, for the people on both sides of it; and a rule, for who keeps it."""

from commissary.risk.types import Cap, Hit, Listed, Rule

_WHOSE = {
    "key": ("该密钥", "this API key"),
    "buyer": ("该客户", "this buyer"),
    "ip": ("该来源 IP ", "this calling address"),
    "end_user_ip": ("该终端用户 IP ", "this end-user address"),
    "device": ("该设备", "this device"),
    "target": ("该充值账号", "this target account"),
    "sku_buyer": ("该客户对同一商品", "this buyer for one SKU"),
    "everybody": ("全部客户", "all buyers"),
}
_LISTS = {
    "deny": ("黑名单", "deny list"),
    "allow": ("白名单", "allow list"),
    "watch": ("关注名单", "watch list"),
}
_SPANS = {60: (" 1 分钟", "a minute"), 3600: (" 1 小时", "an hour"), 86_400: (" 1 天", "a day")}


def explain(hit: Hit) -> tuple[str, str]:
    """(中文, English): what was seen against what is allowed."""
    saw = hit.saw
    zh, en = _WHOSE[saw["dimension"]]
    if hit.code == "risk_listed":
        list_zh, list_en = _LISTS[saw["list"]]
        return f"{zh}在{list_zh}中", f"{en[0].upper()}{en[1:]} is on the {list_en}"
    count, limit, window_s = saw["count"], saw["limit"], saw["window_s"]
    if hit.code == "risk_velocity":
        in_zh, in_en = _span(window_s)
        lines = saw["dimension"] in ("target", "sku_buyer")
        what_zh, what_en = ("行", "order lines") if lines else ("笔订单", "orders")
        return (
            f"{zh}在{in_zh}内至少 {count} {what_zh}，上限 {limit}",
            f"At least {count} {what_en} within {in_en} by {en}; {limit} are allowed",
        )
    sku = saw.get("sku_id")
    of_zh, of_en = (f"商品 {sku} ", f" of SKU {sku}") if sku else ("", "")
    if not window_s:
        return (
            f"单笔订单{of_zh}共 {count} 件，限购 {limit} 件",
            f"{count} pieces{of_en} in one order; {limit} are allowed",
        )
    in_zh, in_en = _span(window_s)
    return (
        f"{zh}在{in_zh}内{of_zh}将达 {count} 件，限购 {limit} 件，还可购 {saw['left']} 件",
        f"This would make {count} pieces{of_en} within {in_en} by {en}; {limit} are allowed, {saw['left']} are left",
    )


def explain_rule(rule: Rule) -> tuple[str, str]:
    """(中文, English): what it fires at."""
    asked = rule.params
    if isinstance(asked, Listed):
        zh, en = _LISTS[asked.list]
        return f"下单方在{zh}中", f"Whoever orders is on the {en}"
    if isinstance(asked, Cap):
        zh, en = _any(asked.per)
        count = len(asked.sku_ids)
        skus_zh = f"指定的 {count} 个商品" if count else ""
        skus_en = f" of {count} chosen SKUs" if count > 1 else " of one chosen SKU" if count else ""
        if asked.each_sku:
            skus_zh, skus_en = (
                f"{skus_zh}各自" if count else "每个商品",
                f"{skus_en or ' of any SKU'}, each for itself,",
            )
        in_zh, in_en = _span(asked.window_s) if asked.window_s else ("", "one order")
        when_zh, when_en = (f"在{in_zh}内", f"within {in_en}") if in_zh else ("单笔订单", f"in {in_en}")
        return (
            f"{zh}{when_zh}{skus_zh}超过 {asked.quantity:,} 件",
            f"More than {asked.quantity:,} pieces{skus_en} {when_en} by {en}",
        )
    zh, en = _any(asked.by)
    lines = asked.by in ("target", "sku_buyer")
    what_zh, what_en = ("行", "order lines") if lines else ("笔订单", "orders")
    in_zh, in_en = _span(asked.window_s)
    return (
        f"{zh}在{in_zh}内超过 {asked.limit:,} {what_zh}",
        f"More than {asked.limit:,} {what_en} within {in_en} by {en}",
    )


def _any(party: str) -> tuple[str, str]:
    """Not this one, but whichever it is."""
    zh, en = _WHOSE[party]
    return zh.replace("该", "同一", 1), en.replace("this ", "one ", 1)


def _span(window_s: int) -> tuple[str, str]:
    return _SPANS.get(window_s) or (f" {window_s} 秒", f"{window_s} seconds")
