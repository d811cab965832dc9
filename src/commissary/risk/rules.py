"""Pure: what counts for whom, who stands on which list, and how hits become a verdict.

Precedence. The deny list comes first and alone: such an order is refused without being counted, so that a banned party
cannot fill anybody's counters, and no allow entry overrides it. Then every enabled rule is asked, watch list first, the
others by id; the strongest action wins (refuse > review > observe), and `hits[0]` is the first hit with that action.

Allow entries. `buyer` and `key` are authenticated, so they waive all velocity rules. An address, device or target is
only told to us, so it waives the rules over itself and no others: whoever names a trusted device is not trusted for it.
Caps are business terms, waived for nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

import msgspec

from commissary.base.errors import invalid
from commissary.risk.types import (
    ALLOW,
    PARAMS,
    Action,
    Cap,
    Dimension,
    Entry,
    Facts,
    Hit,
    Listed,
    ListName,
    Params,
    Rule,
    RuleAction,
    RuleKind,
    Subject,
    Velocity,
    Verdict,
)

# A distributor's key is one party that may well order thousands of times a second from one address: its rules stop a
# runaway loop, nothing less. An end user's device, address or account buying eleven times a minute is the scalper's
# sign, but also a family's or a campus's, so it is held for a person to look at and not refused.
DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(1, "关注名单", "Watch list", "list", Listed("watch"), "observe", True),
    Rule(2, "密钥失控", "Runaway key", "velocity", Velocity("key", 50_000, 10), "refuse", True),
    Rule(3, "客户失控", "Runaway buyer", "velocity", Velocity("buyer", 50_000, 10), "refuse", True),
    Rule(4, "来源 IP 失控", "Runaway address", "velocity", Velocity("ip", 50_000, 10), "refuse", True),
    Rule(
        5,
        "终端用户 IP 高频",
        "Busy end-user address",
        "velocity",
        Velocity("end_user_ip", 10, 60),
        "review",
        True,
    ),
    Rule(6, "设备高频", "Busy device", "velocity", Velocity("device", 10, 60), "review", True),
    Rule(7, "充值账号高频", "Busy target account", "velocity", Velocity("target", 10, 60), "review", True),
)

_RANK: dict[RuleAction, int] = {"refuse": 0, "review": 1, "observe": 2}


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Enabled rules as they are asked: the watch list, then by id, which is the order of their creation."""
    return sorted((r for r in rules if r.enabled), key=lambda r: (r.kind != "list", r.id))


def judged(found: Sequence[tuple[RuleAction, Hit]]) -> Verdict:
    """The verdict over all hits, which come in rule order."""
    if not found:
        return ALLOW
    ranked = sorted(found, key=lambda pair: _RANK[pair[0]])
    strongest = ranked[0][0]
    action: Action = "allow" if strongest == "observe" else strongest
    return Verdict(action, tuple(hit for _, hit in ranked))


# Lists -------------------------------------------------------------------------------------------------------------


class Lists:
    """Entries arranged for look-up. Addresses are matched by the caller's and by the end user's."""

    def __init__(self, entries: Iterable[tuple[Entry, float | None]]) -> None:
        """Each with the Unix second at which it ends."""
        self._exact: dict[tuple[Subject, str], list[tuple[Entry, float | None]]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[tuple[Entry, float | None]]]] = {}
        self._seen: dict[str, list[tuple[Entry, float | None]]] = {}
        self.empty = True
        for pair in entries:
            entry = pair[0]
            self.empty = False
            if entry.subject == "ip":
                network = ip_network(entry.value)
                at = self._networks.setdefault((network.version, network.prefixlen), {})
                at.setdefault(_bits(network), []).append(pair)
            else:
                self._exact.setdefault((entry.subject, entry.value), []).append(pair)

    def match(self, facts: Facts) -> list[tuple[Dimension, Entry]]:
        """What of this order is listed now."""
        found: list[tuple[Dimension, Entry]] = []
        exact = self._exact
        if exact:
            self._look(found, facts, "buyer", "buyer", str(facts.buyer_id))
            self._look(found, facts, "key", "key", facts.key_id)
            if facts.device_id:
                self._look(found, facts, "device", "device", facts.device_id)
            for target in {line.target for line in facts.lines if line.target}:
                self._look(found, facts, "target", "target", target.hex())
        if self._networks:
            self._look_ip(found, facts, "ip", facts.ip)
            if facts.end_user_ip and facts.end_user_ip != facts.ip:
                self._look_ip(found, facts, "end_user_ip", facts.end_user_ip)
            elif facts.end_user_ip:
                found += [("end_user_ip", entry) for dimension, entry in found if dimension == "ip"]
        return found

    def _look(
        self,
        found: list[tuple[Dimension, Entry]],
        facts: Facts,
        dimension: Dimension,
        subject: Subject,
        value: str,
    ) -> None:
        for entry, ends_s in self._exact.get((subject, value), ()):
            if ends_s is None or facts.at_s < ends_s:
                found.append((dimension, entry))

    def _look_ip(
        self, found: list[tuple[Dimension, Entry]], facts: Facts, dimension: Dimension, ip: str
    ) -> None:
        pairs = self._seen.get(ip)
        if pairs is None:
            if len(self._seen) >= 65_536:
                self._seen.clear()
            pairs = self._seen[ip] = self._networks_of(ip)
        for entry, ends_s in pairs:
            if ends_s is None or facts.at_s < ends_s:
                found.append((dimension, entry))

    def _networks_of(self, ip: str) -> list[tuple[Entry, float | None]]:
        try:
            address = ip_address(ip)
        except ValueError:
            return []
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        value, bits = int(address), address.max_prefixlen
        return [
            pair
            for (version, length), at in self._networks.items()
            if version == address.version
            for pair in at.get(value >> (bits - length), ())
        ]


def _bits(network: IPv4Network | IPv6Network) -> int:
    return int(network.network_address) >> (network.max_prefixlen - network.prefixlen)


def listed_hit(rule_id: int, name: ListName, dimension: Dimension, entry: Entry) -> Hit:
    return Hit(
        rule_id, "risk_listed", {"dimension": dimension, "list": name, "entry_id": str(entry.id), "count": 1}
    )


# Values and amounts ------------------------------------------------------------------------------------------------


@lru_cache(65_536)
def network_of(ip: str) -> str:
    """An IPv6 customer owns a whole /64, so that is what is counted; IPv4 in IPv6 is counted as IPv4."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(ip_network((int(address), 64), strict=False)) if address.version == 6 else str(address)


def cap_amounts(cap: Cap, facts: Facts) -> dict[Any, int]:
    """Whom this order would charge with how many pieces: {counted party: pieces}. Facts not given charge nobody."""
    amounts: dict[Any, int] = {}
    party: object = None
    if cap.per == "buyer":
        party = facts.buyer_id
    elif cap.per == "key":
        party = facts.key_id
    elif cap.per == "device":
        party = facts.device_id
    elif cap.per == "end_user_ip":
        party = network_of(facts.end_user_ip) if facts.end_user_ip else None
    elif cap.per == "everybody":
        party = "*"
    for line in facts.lines:
        if cap.sku_ids and line.sku_id not in cap.sku_ids:
            continue
        whom = line.target if cap.per == "target" else party
        if whom:
            charged = (whom, line.sku_id) if cap.each_sku else whom
            amounts[charged] = amounts.get(charged, 0) + line.quantity
    return amounts


# Checks of what an operator writes ---------------------------------------------------------------------------------


def params_of(kind: RuleKind, raw: object) -> Params:
    """Typed, or refused with the name of the bad field. Ids may be digits, as everywhere on the wire."""
    if kind == "cap" and isinstance(raw, Mapping) and isinstance(raw.get("sku_ids"), (list, tuple)):
        ids = raw["sku_ids"]
        if not all(isinstance(i, int) or (isinstance(i, str) and i.isascii() and i.isdigit()) for i in ids):
            raise invalid("params.sku_ids", "ids of SKUs as digits / 请填写商品编号（数字）")
        raw = {**raw, "sku_ids": [int(i) for i in ids]}
    try:
        params: Params = msgspec.convert(raw, PARAMS[kind])
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = f"params{path.rstrip('`')}"
        for word in ("unknown field `", "required field `"):
            if word in message:
                field += "." + message.partition(word)[2].rstrip("`")
        raise invalid(field, f"{message} / 参数不符合要求") from None
    if isinstance(params, Cap) and params.per == "everybody" and not params.window_s and not params.sku_ids:
        raise invalid("params.per", "a cap per order names a party or SKUs / 单笔限购需指定对象或商品")
    return params


def name_of(field: str, text: str) -> str:
    if not 1 <= len(text.strip()) <= 80:
        raise invalid(field, "1 to 80 characters / 名称为 1–80 个字符")
    return text.strip()


def list_value(subject: Subject, value: str) -> str:
    """The form in which values of this subject are compared; a target arrives here as its blind index."""
    value = value.strip()
    if subject == "ip":
        try:
            network = ip_network(value)
        except ValueError:
            raise invalid(
                "value", "not an address or CIDR network / IP 或网段格式不正确，网段主机位须为 0"
            ) from None
        mapped = getattr(network.network_address, "ipv4_mapped", None)
        if mapped is not None and network.prefixlen >= 96:
            network = ip_network((mapped, network.prefixlen - 96))
        return str(network)
    if subject == "buyer" and not (value.isascii() and value.isdigit() and 0 < int(value[:20]) < 2**63):
        raise invalid("value", "the buyer's id as digits / 请填写客户编号（数字）")
    if not 1 <= len(value) <= 128:
        raise invalid("value", "1 to 128 characters / 长度为 1–128 个字符")
    return str(int(value)) if subject == "buyer" else value
