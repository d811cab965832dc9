"""A hit in words, for the people on both sides of it."""

from commissary.risk.types import Hit

_WHOSE = {
    "key": ("该密钥", "this API key"),
    "buyer": ("该客户", "this buyer"),
    "ip": ("该来源 IP", "this calling address"),
    "end_user_ip": ("该终端用户 IP", "this end-user address"),
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


def _span(window_s: int) -> tuple[str, str]:
    return _SPANS.get(window_s) or (f" {window_s} 秒", f"{window_s} seconds")
