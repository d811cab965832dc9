"""What changed of the partner API, version by version: `GET /v1/changes`, `/docs/changelog`, and how older versions are still spoken.

A new change is a date in `base/versions.py`, a row here with its two small functions, and answers of the version before recorded in
`tests/api/snapshots/` — docs/versions.md says how.
"""

from datetime import date
from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from commissary.base.versions import NEWEST, VERSIONS, Change, Registry
from commissary.base.wire import said
from commissary.tenancy.types import Caller


def _check_down(body: dict[str, Any]) -> dict[str, Any]:
    names = {"title": "message", "title_zh": "message_zh"}
    return {names.get(name, name): value for name, value in body.items()}


CHANGES = (
    Change(
        id="account-check-titles",
        since="2026-11-27",
        breaking=True,
        operations=(("POST", "/v1/account-checks"),),
        told_en="`message` and `message_zh` of an account check are `title` and `title_zh`, as in every problem.",
        told_zh="充值账号预校验的 `message`、`message_zh` 更名为 `title`、`title_zh`，与所有错误响应一致。",
        down=_check_down,
    ),
)

ENDS = {"2026-11-01": (date(2026, 11, 27), date(2027, 11, 27))}
REGISTRY = Registry(CHANGES, VERSIONS, ENDS)


class Told(msgspec.Struct, frozen=True):
    zh: str
    en: str


class ChangeOut(msgspec.Struct, frozen=True):
    """`breaking`: a program of the version before would notice. `operations` such as `POST /v1/orders`."""

    id: str
    breaking: bool
    operations: list[str]
    told: Told


class VersionOut(msgspec.Struct, frozen=True):
    """`deprecated_on`: from then on its answers say so; `sunset_on`: it may be gone from then on. Null: it stays."""

    version: str
    changes: list[ChangeOut]
    deprecated_on: date | None
    sunset_on: date | None


class ChangesOut(msgspec.Struct, frozen=True):
    """Newest first. `yours` is what this call was answered in, `newest` what a new key speaks."""

    yours: str
    newest: str
    versions: list[VersionOut]


def feed(registry: Registry = REGISTRY) -> list[VersionOut]:
    """Newest first."""
    return [
        VersionOut(
            version,
            [
                ChangeOut(c.id, c.breaking, [f"{m} {p}" for m, p in c.operations], Told(c.told_zh, c.told_en))
                for c in registry.changes
                if c.since == version
            ],
            *registry.ends.get(version, (None, None)),
        )
        for version in reversed(registry.versions)
    ]


@get(
    "/v1/changes",
    operation_id="listChanges",
    tags=["Versions"],
    summary="Versions of this API, and what changed with each",
    description=(
        "A key speaks the version that was the newest when it was made; `Commissary-Version` says another for one call. A version that "
        "ends says so in each answer: `Deprecation`, `Sunset`."
    ),
    opt=said(
        "API 版本与变更记录",
        "密钥固定使用签发时的最新版本；单次请求可用请求头 `Commissary-Version` 指定其他版本。即将下线的版本会在每个响应中携带 `Deprecation` 与 `Sunset`。",
    ),
)
async def changes_route(caller: NamedDependency[SkipValidation[Caller]]) -> ChangesOut:
    return ChangesOut(caller.version or caller.key.api_version, NEWEST, feed())


ROUTES = [changes_route]
