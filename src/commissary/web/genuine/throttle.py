"""How often one address may ask, so that guessing is hopeless and a shop's till is not shut out."""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

ADDRESSES = 50_000


@dataclass
class Throttle:
    """A bucket per address (of IPv6 per /64): `burst` at once, refilled at `per_minute`. A question costs one, a wrong one
    `wrong` more. The least recent of very many addresses is forgotten."""

    burst: float = 60
    per_minute: float = 60
    wrong: float = 9
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, address: str, now_s: float) -> bool:
        """Whether it may ask now."""
        who = _who(address)
        left = self._now(who, now_s)
        if left < 1:
            return False
        self._keep(who, left - 1, now_s)
        return True

    def miss(self, address: str, now_s: float) -> None:
        """What it asked for is nothing that exists."""
        who = _who(address)
        self._keep(who, max(0.0, self._now(who, now_s) - self.wrong), now_s)

    def _now(self, who: str, now_s: float) -> float:
        left, at = self._left.get(who, (self.burst, now_s))
        return min(self.burst, left + max(0.0, now_s - at) * self.per_minute / 60)

    def _keep(self, who: str, left: float, now_s: float) -> None:
        self._left[who] = (left, now_s)
        self._left.move_to_end(who)
        if len(self._left) > ADDRESSES:
            self._left.popitem(last=False)


def _who(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(ip) >> 64 << 64)) if isinstance(ip, IPv6Address) else address
