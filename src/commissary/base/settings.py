"""What an operator may set, read once from the environment; all faults are listed together at start.

Only `app` and `cli` read settings; everything below is told by parameters. Documented in docs/settings.md.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path


class BadSettings(Exception):
    """One line per fault."""


@dataclass(frozen=True)
class Settings:
    """See docs/settings.md for each."""

    database_url: str | None
    data: Path
    keys: Path
    host: str
    port: int
    public_url: str
    address: str
    production: bool
    proxies: tuple[IPv4Network | IPv6Network, ...]
    outgoing_allow: frozenset[tuple[str, int]]
    postgres: int
    log_folder: Path | None = None
    tsa_url: str = ""
    tsa_root: Path | None = None


def read(
    environ: Mapping[str, str] = os.environ, *, data: Path | None = None, port: int | None = None
) -> Settings:
    """`data` and `port` from the command line win over the environment."""
    faults: list[str] = []

    def number(name: str, default: int, least: int, most: int) -> int:
        text = environ.get(name, str(default))
        if not text.isdigit() or not least <= int(text) <= most:
            faults.append(f"{name}={text!r} is not a number from {least} to {most}")
            return default
        return int(text)

    home = data or Path(environ.get("COMMISSARY_DATA", "") or Path.home() / ".commissary")
    home = home.expanduser().absolute()
    keys = Path(environ.get("COMMISSARY_KEYS", "") or home / "keys").expanduser().absolute()
    proxies = []
    for text in filter(None, environ.get("COMMISSARY_PROXIES", "").replace(" ", "").split(",")):
        try:
            proxies.append(ip_network(text))
        except ValueError:
            faults.append(f"COMMISSARY_PROXIES: {text!r} is not an address or network")
    allow = set()
    for text in filter(None, environ.get("COMMISSARY_OUTGOING_ALLOW", "").replace(" ", "").split(",")):
        host, _, port_text = text.rpartition(":")
        if host not in ("127.0.0.1", "::1", "localhost") or not port_text.isdigit():
            faults.append(f"COMMISSARY_OUTGOING_ALLOW: {text!r} is not a loopback host:port")
        else:
            allow.add((host, int(port_text)))
    production = environ.get("COMMISSARY_PRODUCTION", "") in ("1", "true", "yes")
    if production and allow:
        faults.append(
            "COMMISSARY_OUTGOING_ALLOW is for development; it is refused with COMMISSARY_PRODUCTION"
        )
    host = environ.get("COMMISSARY_HOST", "127.0.0.1")
    listen = port if port is not None else number("COMMISSARY_PORT", 8000, 0, 65535)
    address = environ.get("COMMISSARY_ADDRESS", "").rstrip("/") or _address(host, listen)
    if not address.startswith(("http://", "https://")):
        faults.append(f"COMMISSARY_ADDRESS={address!r} is not an http:// or https:// address")
    version = number("COMMISSARY_POSTGRES", 18, 16, 18)
    if version not in (16, 18):
        faults.append("COMMISSARY_POSTGRES is 16 or 18")
    tsa_url, tsa_root = environ.get("COMMISSARY_TSA_URL", ""), environ.get("COMMISSARY_TSA_ROOT", "")
    if bool(tsa_url) != bool(tsa_root):
        faults.append("COMMISSARY_TSA_URL and COMMISSARY_TSA_ROOT are set together, or neither is")
    elif tsa_root and not Path(tsa_root).expanduser().is_file():
        faults.append(f"COMMISSARY_TSA_ROOT={tsa_root!r} is no file")
    if faults:
        raise BadSettings("\n".join(faults))
    return Settings(
        database_url=environ.get("DATABASE_URL") or None,
        data=home,
        keys=keys,
        host=host,
        port=listen,
        public_url=environ.get("COMMISSARY_PUBLIC_URL", f"http://{host}:{listen}").rstrip("/"),
        address=address,
        production=production,
        proxies=tuple(proxies),
        outgoing_allow=frozenset(allow),
        postgres=version,
        log_folder=Path(log).expanduser().absolute()
        if (log := environ.get("COMMISSARY_LOG_FOLDER"))
        else None,
        tsa_url=tsa_url,
        tsa_root=Path(tsa_root).expanduser().absolute() if tsa_root else None,
    )


def _address(host: str, port: int) -> str:
    """Where the other processes of the installation reach this one; a wildcard is not an address."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 — compared with, not listened on
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
