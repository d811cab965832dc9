"""The magic article numbers, in one table: sandboxes are filled from it, `docs/sandbox.md` and the journey are checked against it."""

from commissary.sandbox.types import Magic

BRAND = ("沙箱", "Sandbox")
PRICE_E4, COST_E4 = 100_000, 80_000
SLOW_S, UNKNOWN_S, REVERSED_S = 10, 30, 10
WRONG_ACCOUNT, REVIEW_ACCOUNT = "13800000001", "13800000009"
FIELD = "account"

TABLE: tuple[Magic, ...] = (
    Magic(
        "success", "SANDBOX-SUCCESS", "沙箱：成功", "Sandbox: success",
        "一秒内交付以 `TEST-` 开头的测试卡密", "Delivered within a second, with codes that begin with `TEST-`",
        status="delivered",
    ),
    Magic(
        "slow", "SANDBOX-SLOW", "沙箱：缓慢", "Sandbox: slow",
        f"先为 `processing`，{SLOW_S} 秒后交付", f"`processing` at first, delivered after {SLOW_S} seconds",
        status="delivered",
    ),
    Magic(
        "fail", "SANDBOX-FAIL", "沙箱：失败", "Sandbox: failure",
        "供应商拒绝，无其他货源：订单 `failed`，款项退回", "Its supplier refuses and there is no other: `failed`, the money comes back",
        status="failed",
    ),
    Magic(
        "unknown", "SANDBOX-UNKNOWN", "沙箱：结果未知", "Sandbox: unknown",
        f"供应商没有回应：保持 `processing`，期间不重复采购，{UNKNOWN_S} 秒后有结果并交付",
        f"Its supplier says nothing: it stays `processing`, nothing is bought twice, and {UNKNOWN_S} seconds later it is delivered",
        status="delivered",
    ),
    Magic(
        "partial", "SANDBOX-PARTIAL", "沙箱：部分交付", "Sandbox: partial",
        "少交付一件（请订购 2 件以上），未交付部分退款", "One piece less than ordered (order two or more); the rest is paid back",
        status="partially_delivered",
    ),
    Magic(
        "reversed", "SANDBOX-REVERSED", "沙箱：成功后冲正", "Sandbox: reversed",
        f"先交付，{REVERSED_S} 秒后被供应商冲正，款项退回",
        f"Delivered, and {REVERSED_S} seconds later taken back by its supplier; the money comes back",
        status="reversed",
    ),
    Magic(
        "out_of_stock", "SANDBOX-SOLD-OUT", "沙箱：缺货", "Sandbox: sold out",
        "下单即被拒绝，不扣款", "Refused when ordered; nothing is charged",
        refusal="out_of_stock",
    ),
    Magic(
        "price_jump", "SANDBOX-PRICE-JUMP", "沙箱：进价突涨", "Sandbox: price jump",
        "供应商临时涨价超过允许的最高成本：不采购，订单 `failed`，款项退回",
        "Its supplier wants more than it may cost: it is not bought, `failed`, the money comes back",
        status="failed",
    ),
    Magic(
        "wrong_account", "SANDBOX-WRONG-ACCOUNT", "沙箱：账号错误", "Sandbox: wrong account",
        f"充值账号填 `{WRONG_ACCOUNT}`：要求更正（`order.fix_requested`）；改为其他号码后交付",
        f"With the account `{WRONG_ACCOUNT}` a correction is asked for (`order.fix_requested`); with another number it is delivered",
        account=WRONG_ACCOUNT, status="delivered",
    ),
    Magic(
        "review", "SANDBOX-REVIEW", "沙箱：风控审核", "Sandbox: review",
        f"充值账号填 `{REVIEW_ACCOUNT}`：风控暂扣，状态为 `review`，待商城人工放行",
        f"With the account `{REVIEW_ACCOUNT}` risk holds it in `review` until the mall lets it go",
        account=REVIEW_ACCOUNT, status="review",
    ),
)  # fmt: skip

BY_HOW = {magic.how: magic for magic in TABLE}
