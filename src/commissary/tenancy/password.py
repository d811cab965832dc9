"""Passwords: argon2id with the parameters of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane).

Hashing takes tens of milliseconds of CPU and 19 MiB, so it runs in two threads of its own: a storm of sign-ins waits
for them and leaves the event loop and the memory alone.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_nobody: str | None = None


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify(stored: str | None, password: str) -> bool:
    """False for a wrong password. `stored` None (no such person) costs the same work and is False."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored, password)


def is_outdated(stored: str) -> bool:
    """Made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _of_nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _of_nobody() -> str:
    """The hash of a password that nobody has, so that a stranger's e-mail takes as long as a colleague's."""
    global _nobody
    if _nobody is None:
        _nobody = _hasher.hash(secrets.token_hex(32))
    return _nobody
