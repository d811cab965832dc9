"""Every text of the documentation pages: key → (English, 中文). The light markup is that of `render.prose`."""

from .types import Lang

WORDS: dict[str, tuple[str, str]] = {
    # frame
    "product": ("Commissary", "Commissary 券厨"),
    "documentation": ("API documentation", "开放平台文档"),
    "overview": ("Overview", "概览"),
    "reference": ("Reference", "接口参考"),
    "errors": ("Errors", "错误码"),
    "sandbox": ("Sandbox", "沙箱"),
    "changelog": ("Changelog", "更新日志"),
    "skip": ("Skip to content", "跳到正文"),
    "contents": ("Contents", "目录"),
    "theme": ("Light or dark", "明暗切换"),
    "copy": ("Copy", "复制"),
    "copied": ("Copied", "已复制"),
    "filter": ("Filter", "筛选"),
    "filter_hint": ("Filter — press /", "筛选，按 / 聚焦"),
    "nothing_found": ("Nothing matches", "没有匹配的内容"),
    "version": ("version", "版本"),
    "machine_readable": ("For machines", "机器可读"),
    "plain_text": ("Plain text for language models", "供大模型阅读的纯文本"),
    "as_markdown": ("This page as Markdown", "本页 Markdown"),
    "postman": ("Postman / Apifox collection", "Postman / Apifox 集合"),
    "to_postman": (
        "Every call, signed by itself before it is sent; Apifox imports the same file as a Postman collection",
        "全部接口，发送前自动签名；Apifox 选择“导入 Postman”即可使用同一文件",
    ),
    "postman_how": (
        "Set the variables `key` and `secret` of this collection, and send. The pre-request script of the collection signs each call that "
        "needs it. Apifox reads this file by Import, Postman.",
        "填写集合变量 `key` 与 `secret` 后即可发送；集合的前置脚本会为需要签名的请求自动签名。Apifox 请选择“导入数据”中的 Postman。",
    ),
    "link_here": ("Link to this place", "此处链接"),
    # sandbox and changelog
    "versions": ("Versions of the API", "API 版本"),
    "sandbox_intro": (
        "A key with `mode: test` (`ck_test_…`) buys in the mall's sandbox: the same goods under the same ids, with play money, and these "
        "goods, which fail on demand. Answers say `livemode: false`; codes begin with `TEST-`.",
        "`mode: test` 的密钥（`ck_test_…`）在沙箱中采购：商品与编号与正式环境一致，使用模拟资金，另有下列可按需失败的魔法商品。响应含 `livemode: false`，卡密以 `TEST-` 开头。",
    ),
    "magic": ("Magic goods", "魔法商品"),
    "article": ("Article number", "商品编码"),
    "ends_as": ("Ends as", "最终状态"),
    "sandbox_rules": ("What is shared", "共享规则"),
    "sandbox_rules_told": (
        "`GET /v1/sandbox` gives the ids of these goods; `POST /v1/sandbox/top-ups` gives play money. A mall has one sandbox with one "
        "clock for all its buyers: the mall's developers move it in the console, so that dates come without waiting.",
        "`GET /v1/sandbox` 返回这些商品的编号；`POST /v1/sandbox/top-ups` 充入模拟资金。每个商城只有一个沙箱，所有客户共用同一时钟，由商城的开发人员在后台调整，无需等待即可到达指定日期。",
    ),
    "versions_intro": (
        "A key speaks the version that was the newest when it was made. `Commissary-Version: 2026-11-01` says another for one call; an "
        "unknown one is refused with the list. An older version answers as it did. The same in JSON: `GET /v1/changes`.",
        "密钥固定使用签发时的最新版本；请求头 `Commissary-Version: 2026-11-01` 可为单次请求指定其他版本，未知版本会被拒绝并返回可用列表。旧版本的响应保持不变。JSON 格式见 `GET /v1/changes`。",
    ),
    "deprecated_on": ("deprecated on", "弃用日期"),
    "sunset_on": ("gone from", "下线日期"),
    "breaking": ("Breaking", "不兼容变更"),
    "addition": ("Addition", "新增"),
    "first_version": ("The first version.", "首个版本。"),
    "releases": ("Releases of the product", "产品更新"),
    "releases_intro": (
        "What people who run or call it would notice. Flagged is what a program or an operator has to answer to.",
        "使用者与运维人员可感知的变化（以英文记录）；标记为“不兼容变更”的条目需要相应调整。",
    ),
    "unreleased": ("Not yet released", "尚未发布"),
    # what a call does when it is made twice
    "twice_look": ("It changes nothing and may be repeated.", "只读，可随时重复调用。"),
    "twice_same": (
        "It says how things are to be: the same again leaves them as they are.",
        "请求描述目标状态，重复提交结果不变。",
    ),
    "twice_key": (
        "With the same `Idempotency-Key` it is done once: the same body is answered as it was, another is refused with 409. Without the "
        "header each call stands for itself.",
        "相同 `Idempotency-Key` 只执行一次：请求体相同则返回原结果，不同则以 409 拒绝；不带该请求头时每次调用互不关联。",
    ),
    "twice_number": (
        "`client_order_no` makes it once: repeated with the same body it answers with the order as it is now, with another body it is "
        "refused with 409. After a refusal the number is free again. When no answer came, repeat it unchanged.",
        "以 `client_order_no` 保证只下一次单：请求体相同则返回该订单的当前状态，不同则以 409 拒绝；被拒绝的单号可再次使用。没有收到响应时，请原样重发。",
    ),
    "twice_reference": (
        "`reference` makes it once: the same again is answered as it was or refused, and done no second time.",
        "以 `reference` 保证只执行一次：重复提交返回原结果或被拒绝，不会执行第二次。",
    ),
    "twice_state": (
        "Repeated it finds the state that it made itself: it answers the same or is refused with that state's code; nothing happens twice.",
        "重复调用会遇到自己造成的状态：返回相同结果，或以该状态的错误码拒绝，不会执行第二次。",
    ),
    "twice_again": (
        "Each call does it once more. When no answer came, look first at what there is.",
        "每次调用都会再执行一次。没有收到响应时，请先查询现状。",
    ),
    "operation_markdown": ("Markdown", "Markdown"),
    # reference
    "parameters": ("Parameters", "参数"),
    "request_body": ("Request body", "请求体"),
    "responses": ("Responses", "响应"),
    "no_body": ("No body", "无响应体"),
    "possible_errors": ("Errors of this call", "本接口错误码"),
    "response": ("Response", "响应"),
    "payload": ("Payload", "事件内容"),
    "field": ("Field", "字段"),
    "type": ("Type", "类型"),
    "meaning": ("Meaning", "说明"),
    "required": ("required", "必填"),
    "one_of": ("one of", "可为"),
    "value": ("value", "取值"),
    "length": ("length", "长度"),
    "items": ("items", "个数"),
    "pattern": ("pattern", "格式"),
    "default": ("default", "默认"),
    "in_path": ("path", "路径"),
    "in_query": ("query", "查询"),
    "in_header": ("header", "请求头"),
    "in_cookie": ("cookie", "Cookie"),
    "deprecated": ("deprecated", "已弃用"),
    "signed": ("signed", "需签名"),
    "unsigned": ("no signature", "免签名"),
    "incoming": ("we call you", "平台推送"),
    "schemas": ("Schemas", "数据结构"),
    "schemas_intro": (
        "Every structure by its name. A field whose type is a name leads here.",
        "全部数据结构，按名称排列；字段类型若为名称，点击即到此处。",
    ),
    "reference_intro": (
        "Every call of the API, with its fields, examples, errors and a signed sample that runs as it stands once "
        "key and secret are put in.",
        "全部接口：字段、示例、错误码，以及填入密钥即可直接运行的签名示例。",
    ),
    # errors
    "errors_intro": (
        "A refusal keeps its code for ever; its wording may improve. Programs look at `code`, `outcome` and "
        "`retryable`, people read the text.",
        "错误码一经发布永不改变，文案可能优化。程序请判断 `code`、`outcome` 与 `retryable`，文字供人阅读。",
    ),
    "code": ("Code", "错误码"),
    "status": ("Status", "状态码"),
    "message": ("Message", "含义"),
    "outcome": ("Outcome", "结果"),
    "who_acts": ("Who acts", "由谁处理"),
    "retry": ("Retry", "可重试"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "outcome_failed": ("nothing was done", "未执行"),
    "outcome_pending": ("still under way", "处理中"),
    "outcome_unknown": ("ask before repeating", "先查询再重发"),
    "who_caller": ("you", "调用方"),
    "who_operator": ("mall operator", "商城运营方"),
    "who_platform": ("platform", "平台"),
    "codes_count": ("codes", "个错误码"),
    "no_refusals": ("No catalogue was given.", "暂无错误码。"),
    # overview
    "lead": (
        "Buy vouchers, card codes and top-ups by one signed call. An order that was acknowledged is committed; the "
        "same order number never buys twice.",
        "一次签名调用即可采购卡券、卡密与直充。已应答的订单必已落库；同一订单号绝不重复扣款、重复出券。",
    ),
    "base_address": ("Base address", "接口地址"),
    "quickstart": ("First signed call", "第一次签名调用"),
    "quickstart_1": (
        "Get an API key in the console: a key id and a secret. The secret is shown once.",
        "在控制台创建 API 密钥，得到密钥 ID 与密钥串；密钥串只显示一次。",
    ),
    "quickstart_2": (
        "Put both into the sample and run it. It needs `curl` and `openssl` only.",
        "将二者填入示例并运行，仅依赖 `curl` 与 `openssl`。",
    ),
    "quickstart_3": (
        "Read the answer: an order with its `status`, and its codes once it is delivered.",
        "查看应答：订单及其 `status`；交付完成后含卡密。",
    ),
    "authentication": ("Authentication", "身份认证"),
    "auth_intro": (
        "Every call under `/v1` is authenticated before it is routed or parsed. There are two ways; signing is the "
        "stronger one, because a signature covers the body and cannot be used again.",
        "`/v1` 下的所有请求先认证，后路由与解析。两种方式任选；推荐签名，因为签名覆盖请求体且不可重复使用。",
    ),
    "auth_signed": ("Signed requests", "签名请求"),
    "auth_signed_intro": (
        "Four headers accompany the request. The signature is the hexadecimal HMAC-SHA-256, keyed with the secret, "
        "of six lines joined by a line feed, with none at the end:",
        "请求携带四个请求头。签名为以密钥串作 HMAC-SHA-256 并取十六进制小写，原文为六行，以换行符连接，末尾无换行：",
    ),
    "header_key": ("The key id", "密钥 ID"),
    "header_timestamp": (
        "Unix time in seconds; refused when it is further than {window} s from ours",
        "Unix 秒级时间戳；与平台时间相差超过 {window} 秒即拒绝",
    ),
    "header_nonce": ("A random string, once per request", "随机串，每次请求唯一"),
    "header_signature": ("The signature", "签名"),
    "line_method": ("method, upper case", "请求方法，大写"),
    "line_path": ("path as it is sent, without the host", "路径，与发送时一致，不含域名"),
    "empty_line": ("(empty)", "（空）"),
    "line_query": (
        "query as it is sent, without ?; empty if none",
        "查询串，与发送时一致，不含 ?；没有则为空行",
    ),
    "line_timestamp": ("the timestamp header", "时间戳请求头的值"),
    "line_nonce": ("the nonce header", "随机串请求头的值"),
    "line_digest": ("SHA-256 of the body's bytes, hexadecimal", "请求体字节的 SHA-256，十六进制小写"),
    "nonce_note": (
        "A repeated nonce is answered 401 `nonce_used` with `outcome: unknown`: a proxy may have sent the first copy "
        "twice, so ask for the order before you send it again with a new nonce.",
        "重复的随机串返回 401 `nonce_used`，且 `outcome: unknown`：可能是代理重发，首次请求或已成交；"
        "请先查询订单，再以新的随机串重发。",
    ),
    "auth_token": ("Bearer token", "访问令牌"),
    "auth_token_intro": (
        "For generated clients: OAuth 2.0 client credentials give a short-lived token with scopes. Send it as "
        "`Authorization: Bearer …` instead of the four headers.",
        "适合自动生成的客户端：以 OAuth 2.0 客户端凭证换取短期令牌（含权限范围），"
        "以 `Authorization: Bearer …` 代替上述四个请求头。",
    ),
    "keys_note": (
        "A key carries scopes and an IP allow-list. Two secrets may live side by side while you rotate; a revoked "
        "key stops working within a second.",
        "密钥可限定权限范围与来源 IP。轮换期间新旧两个密钥串可并存；吊销后一秒内失效。",
    ),
    "idempotency": ("Idempotency", "幂等"),
    "idempotency_order": (
        "**Orders** carry your own `client_order_no`. The same number with the same body returns the order as it is "
        "now; with another body it is refused with 409. A refused order frees its number.",
        "**下单**以贵方的 `client_order_no` 幂等：同号同内容返回该订单的当前状态；"
        "同号不同内容返回 409。被拒绝的订单号可再次使用。",
    ),
    "idempotency_other": (
        "**Other calls that move money or stock** carry an `Idempotency-Key` header with the same meaning.",
        "**其他涉及资金或库存的请求**携带 `Idempotency-Key` 请求头，语义相同。",
    ),
    "idempotency_silence": (
        "**No answer is not a refusal.** After a timeout or a lost connection, send the same order again or ask "
        "`GET /v1/orders?client_order_no=…`. Save the number before you send.",
        "**没有应答不等于失败。**超时或断线后，以相同订单号重发，"
        "或查询 `GET /v1/orders?client_order_no=…`。请在发送前保存订单号。",
    ),
    "conventions": ("Conventions", "约定"),
    "convention_money": (
        "Money is a decimal string with its currency; unit prices have four decimals. Never parse it as a float.",
        "金额为十进制字符串并附币种，单价保留四位小数；请勿按浮点数解析。",
    ),
    "convention_ids": (
        "Ids are strings, also those that look like numbers.",
        "编号一律为字符串，即使看上去像数字。",
    ),
    "convention_time": ("Times are RFC 3339 in UTC.", "时间为 RFC 3339 格式，UTC 时区。"),
    "error_format": ("Errors", "错误格式"),
    "error_format_intro": (
        "An error is `application/problem+json` (RFC 9457). `outcome` says what became of your request: `failed` "
        "(nothing was done), `pending` (it is under way) or `unknown` (ask before you repeat). `retryable` says "
        "whether the same request may succeed later; `fields` names what to mend.",
        "错误以 `application/problem+json`（RFC 9457）返回。`outcome` 表示请求结果：`failed` 未执行、`pending` 处理中、"
        "`unknown` 未知（先查询再重发）；`retryable` 表示稍后重试是否可能成功；`fields` 指出需修改的字段。",
    ),
    "error_catalogue_link": ("All error codes", "全部错误码"),
    "webhooks": ("Webhooks", "事件通知"),
    "webhooks_intro": (
        "We call your endpoint when an order changes. Deliveries follow Standard Webhooks, so its published "
        "libraries verify them. Each arrives at least once: tell repeats apart by `webhook-id`, and answer 2xx "
        "before you do slow work. Codes are never in a webhook; fetch the order.",
        "订单变化时平台推送至贵方地址，遵循 Standard Webhooks 规范，可直接使用其公开库验签。每个事件至少送达一次："
        "请以 `webhook-id` 去重，先应答 2xx 再做耗时处理。推送不含卡密，请查询订单获取。",
    ),
    "webhooks_verify": (
        "The secret begins with `whsec_`; the rest is base64. The signed text is `id.timestamp.body`; the header "
        "may carry several signatures while a secret rotates.",
        "密钥以 `whsec_` 开头，其余为 base64。签名原文为 `id.timestamp.body`；轮换密钥期间请求头可含多个签名。",
    ),
    "next_steps": ("Where to go on", "下一步"),
    "to_reference": ("Every call, field by field", "逐字段查看全部接口"),
    "to_sandbox": ("Goods that fail on demand, with play money", "可按需失败的商品与模拟资金"),
    "to_changelog": (
        "Versions of the API, what breaks with each, and releases",
        "API 版本、各版本的不兼容变更与产品更新",
    ),
    "to_errors": ("What each refusal means and who acts", "每个错误码的含义与处理方"),
}

# Names of the domains that refuse, as headings of the error catalogue; one that is not here stands as it is.
DOMAINS: dict[str, tuple[str, str]] = {
    "request": ("Request", "请求"),
    "authentication": ("Authentication", "访问与认证"),
    "tenancy": ("Malls and keys", "商城与密钥"),
    "approvals": ("Approvals", "复核"),
    "partners": ("Partners", "合作方"),
    "catalog": ("Products", "商品"),
    "accounts": ("Accounts of top-ups", "充值账号"),
    "ledger": ("Money", "资金"),
    "payments": ("Payments", "收付款"),
    "risk": ("Risk", "风控"),
    "stock": ("Stock", "库存"),
    "code files": ("Card files", "卡密文件"),
    "tables": ("Uploaded files", "上传文件"),
    "supply": ("Supply", "供货"),
    "pricing": ("Prices", "价格"),
    "orders": ("Orders", "订单"),
    "fulfilment": ("Delivery", "履约交付"),
    "aftersale": ("After-sales", "售后"),
    "settlement": ("Settlement", "结算"),
    "jobs": ("Background work", "后台任务"),
    "provenance": ("Custody and the log", "流转与存证"),
    "outgoing": ("Webhook addresses", "回调地址"),
    "faces": ("Other systems' protocols", "第三方系统对接"),
    "sandbox": ("Sandbox", "沙箱"),
    "notify": ("Notifications", "通知"),
    "bulk": ("Imports, exports and acts on many", "导入、导出与批量操作"),
    "requests": ("Requests inside a company", "企业内采购申请"),
}


def domain(name: str, lang: Lang) -> str:
    return DOMAINS.get(name, (name, name))[0 if lang == "en" else 1]


def word(key: str, lang: Lang) -> str:
    return WORDS[key][0 if lang == "en" else 1]
