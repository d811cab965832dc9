"""What each permission is called, in both languages. Pure; a permission without words fails a test."""

from commissary.tenancy.roles import ALL, OWN, SPECIAL

_DOMAINS = {
    "mall": ("商城", "Mall"),
    "people": ("人员", "People"),
    "keys": ("密钥", "Keys"),
    "audit": ("审计", "Audit"),
    "partners": ("客户与供应商", "Partners"),
    "catalog": ("商品", "Goods"),
    "ledger": ("账户", "Accounts"),
    "payments": ("收付款", "Payments"),
    "risk": ("风控", "Risk"),
    "stock": ("卡密仓", "Vault"),
    "supply": ("货源", "Supply"),
    "pricing": ("价格", "Prices"),
    "orders": ("订单", "Orders"),
    "fulfilment": ("履约", "Fulfilment"),
    "aftersale": ("售后", "After-sales"),
    "commission": ("佣金", "Commission"),
    "settlement": ("对账结算", "Settlement"),
    "storefront": ("店铺", "Shops"),
    "notify": ("通知", "Notices"),
    "insight": ("报表", "Reports"),
    "provenance": ("存证", "Proofs"),
    "jobs": ("任务", "Jobs"),
    "approvals": ("复核", "Approvals"),
    "sandbox": ("沙箱", "Sandbox"),
}
_ALONE = {
    "stock.reveal": ("查看卡密明文", "See codes in clear"),
    "stock.export": ("导出卡密", "Export codes"),
    "stock.import": ("导入卡密", "Import codes"),
    "stock.freeze": ("冻结与召回批次", "Freeze and recall batches"),
    "stock.void": ("作废或退回卡密", "Write codes off or return them"),
    "ledger.adjust": ("人工调账", "Correct balances by hand"),
    "ledger.credit": ("设定授信", "Set credit limits"),
    "pricing.floor": ("低于底价销售", "Sell below the floor"),
    "orders.place": ("代客下单", "Order for a buyer"),
    "aftersale.refund": ("退款", "Refund"),
    "settlement.payout": ("付款", "Pay out"),
    "approvals.decide": ("复核他人的操作", "Be the second person"),
    "approvals.write": ("设定复核规则", "Set approval rules"),
    "own.orders.read": ("查看本公司订单", "See own orders"),
    "own.orders.write": ("本公司下单", "Order"),
    "own.codes.read": ("查看本公司卡密", "See own codes"),
    "own.balance.read": ("查看本公司余额", "See own balance"),
    "own.catalog.read": ("查看可购商品", "See goods and own prices"),
    "own.keys.write": ("管理本公司密钥", "Keep own keys"),
    "own.people.write": ("管理本公司人员", "Keep own people"),
    "own.departments.write": ("管理本公司部门与预算", "Keep own departments and budgets"),
    "own.requests.write": ("提交采购申请", "Ask to buy"),
    "own.requests.decide": ("审批本公司采购申请", "Decide own company's requests"),
    "own.webhooks.write": ("管理本公司 Webhook", "Keep own webhooks"),
    "own.supply.read": ("查看本公司供货", "See own supply"),
    "own.supply.write": ("申报与供货", "Declare and provide"),
    "own.settlement.read": ("查看本公司结算", "See own settlement"),
}


def permission_words() -> dict[str, tuple[str, str]]:
    """By domain, reading before writing before what stands alone; a partner's own last."""
    domains = list(_DOMAINS)

    def place(name: str) -> tuple[bool, int, bool, bool, str]:
        domain, _, right = name.partition(".")
        at = domains.index(domain) if domain in domains else len(domains)
        return name in OWN, at, right != "read", name in SPECIAL, name

    return {name: _words(name) for name in sorted(ALL, key=place)}


def _words(name: str) -> tuple[str, str]:
    if name in _ALONE:
        return _ALONE[name]
    domain, _, right = name.partition(".")
    zh, en = _DOMAINS[domain]
    return (f"查看{zh}", f"See {en.lower()}") if right == "read" else (f"管理{zh}", f"Keep {en.lower()}")
