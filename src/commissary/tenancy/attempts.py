"""Guesses at passwords, codes and passkeys, counted in the process per account and address: with several processes a
guesser has that many times the tries, still far too few.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from commissary.base.errors import Refused
from commissary.tenancy.types import TenancyRefusal

PER_ACCOUNT_AND_ADDRESS = 10
PER_ACCOUNT = (
    50  # a stranger elsewhere cannot soon lock a colleague out, nor guess for ever from many addresses
)
PER_ADDRESS = 50
PER_FACTOR = 10  # a code has a million values, and three of them are good
WINDOW = timedelta(minutes=15)

Limits = Mapping[tuple[str, ...], int]


def of_account(slug: str, email: str, ip: str) -> Limits:
    """Of an e-mail and password; nobody is known yet."""
    address = _network(ip)
    return {
        ("account", slug, email, address): PER_ACCOUNT_AND_ADDRESS,
        ("account", slug, email): PER_ACCOUNT,
        ("address", address): PER_ADDRESS,
    }


def of_factor(mall: int, person_id: int, ip: str) -> Limits:
    """Of a factor whose person is known."""
    return {("factor", str(mall), str(person_id)): PER_FACTOR, ("address", _network(ip)): PER_ADDRESS}


def of_address(ip: str) -> Limits:
    return {("address", _network(ip)): PER_ADDRESS}


def spend(limits: Limits, now: datetime) -> None:
    """Refuses `too_many_attempts`. A try counts before it is judged, so a burst cannot outrun the count."""
    if not _attempts.allow(limits, now):
        raise Refused(TenancyRefusal.too_many_attempts)


def forgive(limits: Limits) -> None:
    """It was right. The account wholly, the address only this try: a good account must not buy endless guesses at
    others."""
    _attempts.forgive(limits)


class Attempts:
    """Counts tries in windows."""

    def __init__(self, capacity: int = 50_000) -> None:
        self._capacity = capacity
        self._counts: OrderedDict[tuple[str, ...], tuple[datetime, int]] = OrderedDict()

    def allow(self, limits: Limits, now: datetime) -> bool:
        if any(self._count(key, now) >= limit for key, limit in limits.items()):
            return False
        for key in limits:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            self._counts[key] = (began, count + 1)
            self._counts.move_to_end(key)
        while len(self._counts) > self._capacity:
            self._counts.popitem(last=False)
        return True

    def forgive(self, limits: Limits) -> None:
        for key in limits:
            if key[0] != "address":
                self._counts.pop(key, None)
            elif key in self._counts:
                began, count = self._counts[key]
                self._counts[key] = (began, count - 1)

    def _count(self, key: tuple[str, ...], now: datetime) -> int:
        began, count = self._counts.get(key, (now, 0))
        return 0 if now - began >= WINDOW else count


_attempts = Attempts()


def _network(ip: str) -> str:
    """A subscriber has a whole IPv6 /64; counting single addresses of it would count nothing."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip[:64]
    return str(ip_network((ip, 64), strict=False)) if isinstance(address, IPv6Address) else ip
