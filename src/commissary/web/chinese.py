"""The Chinese of the descriptions in the partners' document: English, with plain spaces → 中文."""

CHINESE: dict[str, str] = {
    "Buy digital goods by program, or provide them. Every order is idempotent by `client_order_no`; every refusal has a "
    "stable code.": (
        "通过程序采购或供应数字商品。订单以 `client_order_no` 保证幂等；每种拒绝都有稳定的错误码。"
    ),
    "HMAC-SHA-256 over method, path, query, timestamp, nonce and body hash; see /docs": (
        "对请求方法、路径、查询串、时间戳、随机数与请求体摘要计算 HMAC-SHA-256，详见 /docs"
    ),
    "Of the API, for this call; else the key's": "本次请求使用的 API 版本；缺省为密钥的固定版本",
    # answers
    "Done": "成功",
    "Made": "已创建",
    "Taken in, to be done": "已受理，待处理",
    "Done; no body": "成功，无响应体",
    "Malformed": "请求体格式错误",
    "Not authenticated": "未通过身份认证",
    "Not allowed": "无权执行",
    "Not found": "未找到",
    "Method not allowed": "不支持该请求方法",
    "Refused": "业务拒绝",
    "Too large": "请求体过大",
    "Of a kind that is not accepted": "不支持的文件类型",
    "Invalid": "字段校验未通过",
    "Too many": "请求过多",
    "Fault on our side": "系统内部错误",
    "Unavailable": "暂不可用",
    "`codes`: one for each piece delivered; a shared code stands there once, whatever the quantity.": (
        "`codes`：每件已交付商品一条；通用码无论数量多少只列一次。"
    ),
    "The SKU and its price as they were when the line was sold; editing or deleting either changes nothing here. "
    "`price_source`, for the mall's staff: where the price came from, as `why` explains it.": (
        "成交时的 SKU 与价格快照，之后的修改或删除均不影响。`price_source` 仅商城员工可见，说明价格来源。"
    ),
    # suppliers who are people
    "`asked`: of `stock`, what is asked of you at the moment; `free`: what may still be sold. `held_cost`: the cost that you "
    "told last, when it waits for the mall because it jumped; nothing is bought meanwhile.": (
        "`asked`：库存中正在等待您供货的数量；`free`：仍可售数量。`held_cost`：最近一次申报的成本因变动过大待商城确认，期间不采购。"
    ),
    "`stock`: what you have now, what is asked of you already included. `unit_cost`: what a piece costs from now on; "
    "without: as before.": "`stock`：当前实有数量（含待供货请求）。`unit_cost`：此后的单位成本，不填则不变。",
    "`provide_before`: then it goes elsewhere, or the buyer has his money back. `holder`: who has it in hand until "
    "`held_until`. `fields`: of a top-up, for whoever has just taken it in hand, and for him alone.": (
        "`provide_before`：供货时限，逾期转其他货源或退款。`holder`：领取人，至 `held_until` 有效。`fields`：充值信息，仅领取人可见。"
    ),
    "All codes of it, or the receipt of a top-up.": "全部卡密，或充值凭证号。",
    "`status`: succeeded; failed, when it was refused; unknown, as long as the mall looks at what was provided.": (
        "`status`：succeeded 已供货；failed 已拒绝；unknown 商城核查中。"
    ),
    # parameters
    "Rows of a page": "每页条数",
    "`next` of the page before": "上一页返回的 `next`",
    "The number you gave the order": "贵方订单号",
    "Any text of your own; the same again changes nothing": "贵方自定义的任意文本；重复提交不会产生新的变化",
    "The file's name, for people": "文件名，供人识别",
    # bodies
    "`answer` is the beginning of what the receiver said; without `status` nothing came and `error` says why.": (
        "`answer` 为接收方应答的开头部分；无 `status` 表示未收到应答，原因见 `error`。"
    ),
    "`available` = balance − held + what the credit limit still allows. `livemode` false: play money of the sandbox; it is left out of "
    "a real wallet's.": (
        "`available` = 余额 − 冻结 + 可用授信。`livemode` 为 false 表示沙箱模拟资金；正式账户不含该字段。"
    ),
    "One of the two.": "`order` 与 `error` 二者居其一。",
    "A dry run: nothing was stored. At most 1,000 faults are listed; `faulty` counts them all.": (
        "试运行，不保存任何内容。最多列出 1,000 条错误，总数见 `faulty`。"
    ),
    "`secret` is the password, the link or the voucher's text; `number` is there when the code has one.": (
        "`secret` 为卡密、链接或券码；有卡号时返回 `number`。"
    ),
    "`body` as it was signed and sent.": "`body` 为签名并发送时的原文。",
    "`event_id` is the `webhook-id`; `subject_id` the order or SKU, within which `n` gives the order.": (
        "`event_id` 即 `webhook-id`；`subject_id` 为订单或商品，其内部先后以 `n` 为准。"
    ),
    "Facts about the person the goods are for, as far as the buyer knows them. Risk looks at them.": (
        "最终用户的信息（以贵方所知为限），用于风控。"
    ),
    "What is not given stays.": "未传的字段保持不变。",
    "https, a public host": "https 公网地址",
    "Names of events such as order.delivered; empty: all": "事件名，如 order.delivered；为空表示全部",
    "`state_reason` says why it is not active: `by_owner`, `gone` (it answered 410) or `not_answering`.": (
        "`state_reason` 说明未启用的原因：`by_owner`（自行停用）、`gone`（返回 410）或 `not_answering`（无应答）。"
    ),
    "`path` is a JSON path such as `lines[2].quantity`.": "`path` 为 JSON 路径，如 `lines[2].quantity`。",
    "One input of a top-up. `target` marks the account that is topped up: risk counts it, lists show its last digits. A "
    "target may be checked before anything is charged: `checked` against the mall's lists and its checker; a mobile number "
    "also for its `carrier` and its `region` (`CN-GD`). `ported`: a number that left its first carrier is refused, or counts "
    "as its new one's.": (
        "充值所需的一项输入。`target` 标记被充值的账号：用于风控计数，列表中仅显示末位。账号可在扣款前校验：`checked` 表示按商城名单及"
        "校验接口核对；手机号还可限定运营商 `carrier` 与归属地 `region`（如 `CN-GD`）；`ported` 决定携号转网号码是被拒绝，还是按转入的运营商计。"
    ),
    "As in an order's line.": "与订单行相同。",
    "All of the line's fields as they should be, as in an order.": "该行更正后的全部充值信息，格式与下单相同。",
    "What is asked of the buyer: `field` is wrong; corrected `until` then, the line goes on, else it fails.": (
        "待买家更正的信息：`field` 填写有误；在 `until` 之前更正则该行继续处理，否则失败并退款。"
    ),
    "`reason` is the code of the refusal that an order would get.": "`reason` 为下单时会得到的拒绝代码。",
    "A 63-bit id as a decimal string": "63 位整数 ID，以十进制字符串表示",
    'On the wire: `{"amount": "9.8750", "currency": "CNY"}`.': '金额格式：`{"amount": "9.8750", "currency": "CNY"}`。',
    "The secret is shown here and never again.": "密钥仅在此处显示一次。",
    "Either `lines`, or the short form of one line at the top.": "使用 `lines`，或在顶层使用单行简写形式，二者择一。",
    "`order_no` is for people and carries the home; `id` is for programs. `livemode` false: placed in the sandbox, nothing of it is "
    "real; it is left out of a real one.": (
        "`order_no` 供人查看，`id` 供程序使用。`livemode` 为 false 表示沙箱订单，均非真实；正式订单不含该字段。"
    ),
    "`breaking`: a program of the version before would notice. `operations` such as `POST /v1/orders`.": (
        "`breaking`：使用上一版本的程序会受影响。`operations` 形如 `POST /v1/orders`。"
    ),
    "Newest first. `yours` is what this call was answered in, `newest` what a new key speaks.": (
        "最新在前。`yours` 为本次响应所用版本，`newest` 为新密钥的默认版本。"
    ),
    "`sku_id` null: not in this sandbox yet, sync it. `account`: of a top-up, the one that it befalls. `status` is how the order stands "
    "in the end, `refusal` what it is refused with.": (
        "`sku_id` 为 null 表示沙箱中尚无该商品，请先同步。`account`：充值类商品触发该结果的账号。`status` 为订单最终状态，`refusal` 为拒绝码。"
    ),
    "The same `reference` again is the same money.": "相同 `reference` 不会重复充入。",
    "`now` is the sandbox's time, `offset_s` how far it is ahead of the world's: one clock for everybody in it, moved by the mall.": (
        "`now` 为沙箱时间，`offset_s` 为快于实际的秒数；沙箱内共用一个时钟，由商城拨动。"
    ),
    "`deprecated_on`: from then on its answers say so; `sunset_on`: it may be gone from then on. Null: it stays.": (
        "`deprecated_on` 起响应会带弃用提示；`sunset_on` 起可能下线；为 null 表示保留。"
    ),
    "One purchase at a supplier, who is shown by two digits of his number. `ended_at` null: still open.": "一次供应商采购，供应商仅以编号末两位显示；`ended_at` 为 null 表示尚未完结。",
    "`purchases`: what was tried at suppliers, line by line, first to last.": "`purchases`：逐行列出的供应商采购尝试（按先后）。",
    "`next` is the cursor of the following page, null on the last.": "`next` 为下一页游标，最后一页为 null。",
    "RFC 9457 problem details. `code` is stable and listed at `type`; `title` is English, `title_zh` Chinese.": (
        "RFC 9457 错误详情。`code` 为稳定的错误码，说明见 `type`；`title` 为英文，`title_zh` 为中文。"
    ),
    "One SKU that you may buy, at your own prices. `unit_price` is that of the least quantity; `prices` has them all. "
    "`available` is exact below 100, above it rounded down; 10,000 means that many or more. `unlimited` goods have no "
    "stock that could end: there it is always 10,000.": (
        "贵方可采购的商品及专属价格。`unit_price` 为最小数量对应的单价，全部阶梯见 `prices`。`available` 低于 100 时为"
        "准确值，以上向下取整；10,000 表示不少于此数。`unlimited` 表示不受库存限制，此时恒为 10,000。"
    ),
    "Give `id` as `quote_id` with the order: these prices hold until `expires_at`, up to these quantities.": (
        "下单时以 `quote_id` 传入此 `id`：在 `expires_at` 之前、不超过所报数量时，价格不变。"
    ),
    "Ids, or a filter; at most 10,000 at once, oldest first.": "按 ID 或按条件；一次最多 10,000 条，由旧到新。",
    "How long the present secret signs beside the new one; 0 when it leaked.": (
        "旧密钥与新密钥并用的秒数；密钥泄露时填 0。"
    ),
    "From `minimum` pieces on, a piece costs `unit_price`.": "数量达到 `minimum` 时，单价为 `unit_price`。",
    "`row` counts as a spreadsheet does: the header is row 1.": "`row` 与表格行号一致，表头为第 1 行。",
    "`done` = `accepted` + `refused`; the result file says what became of each line.": (
        "`done` = `accepted` + `refused`；逐行结果见结果文件。"
    ),
    "The SKU as it was when the line was sold; editing or deleting it changes nothing here.": (
        "该行成交时的商品内容；之后的修改或删除不影响此处。"
    ),
    "Verifies offline, with `verify.py`. `party` is the buyer whose commitment the events carry.": (
        "可用 `verify.py` 离线验证。`party` 为事件所承诺的客户。"
    ),
    "`body` is the event as it was committed to, letter for letter; `path` leads from its leaf to the root.": (
        "`body` 为存证时的事件原文，逐字不变；`path` 为从叶子到根的路径。"
    ),
    "`proof` verifies offline; null while nothing was delivered. `pending` events are newer than its checkpoint. `next` is "
    "the cursor of further `pages`.": (
        "`proof` 可离线验证，尚未交付时为 null。`pending` 为晚于检查点、尚未纳入的事件数。`next` 为后续 `pages` 的游标。"
    ),
    "One code of a line, counted from 1, and its public page: print it as a QR code.": (
        "订单行中的第 n 张卡密（从 1 计）及其公开验真页地址，可印制为二维码。"
    ),
    "A third party's time (RFC 3161) on `checkpoint`, an earlier one than the proof's or the same: `response` is his answer, "
    "DER in base64. Entries below the checkpoint's size were there at that time.": (
        "第三方对 `checkpoint` 的可信时间戳（RFC 3161），其检查点不晚于证明所用者：`response` 为其应答（DER，Base64）。"
        "序号小于该检查点规模的条目在当时已存在。"
    ),
    "Under its name it is made or replaced. Without `sku_ids`: all that may be bought, whatever that is by then. "
    "`threshold_bp`: moves of less, from the price that was told last, are silent; 0: every change is told. `availability`: "
    "tell also when goods can be bought, or cannot. A SKU is told when it has stood still for `window_s`, at the latest after "
    "four times as long.": (
        "按名称新建或替换。不填 `sku_ids` 即订阅届时可购的全部商品。`threshold_bp`：相对上次通知价的变动小于该值不通知，0 表示每次变动都通知。"
        "`availability`：可购状态变化时也通知。价格稳定 `window_s` 秒后通知，最迟不超过其四倍时间。"
    ),
    "`skus`: how many it knows. `every`: all that may be bought.": "`skus`：已覆盖的商品数；`every`：订阅全部可购商品。",
    "Name of an event": "事件名称",
    "A time with its zone": "带时区的时间",
    "What is not given stays. `version`, or If-Match: refused when somebody changed the endpoint since.": (
        "未提供的字段保持不变。提供 `version` 或 If-Match 时，若推送地址已被他人修改则拒绝。"
    ),
    "The version this was made from; 0: of nothing yet": "所依据的版本；0 表示尚无版本",
    "Ids, or a filter; at most 10,000 at once, oldest first, and `beyond` the last of the call before the next. `dry_run` only counts.": (
        "按编号或按条件；每次最多 10,000 条，最早的在前，下一次以 `beyond` 从上次最后一条之后继续。`dry_run` 仅计数。"
    ),
    "`matching`: of a dry run, how many would be sent again in all. `last`: where it stopped, when there may be more.": (
        "`matching`：试算时将重发的总条数。`last`：可能还有更多时，本次停在何处。"
    ),
    "`reason` in the words of the mall's staff.": "`reason` 为商城填写的召回原因。",
    "RFC 6749 section 4.4; the client's id and secret here or in HTTP Basic.": (
        "RFC 6749 第 4.4 节；客户端 ID 与密钥可放在此处或 HTTP Basic 中。"
    ),
}
