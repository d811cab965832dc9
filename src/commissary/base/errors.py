"""How the product says no.

A refusal is a member of an enum that subclasses `Refusal`, declared in a domain's `types.py` in order of
precedence: two faults at once always give the same answer. `Refused` carries one to the edge, where it becomes
RFC 9457 problem+json. A bug is any other exception.
"""

from enum import Enum
from typing import Any, Literal

import msgspec

Outcome = Literal["failed", "pending", "unknown"]
Who = Literal["caller", "operator", "platform"]


class FieldFault(msgspec.Struct, frozen=True):
    """`path` is a JSON path such as `lines[2].quantity`."""

    path: str
    message: str


class Refusal(Enum):
    """Base of every domain's refusals: (http status, English, 中文[, retryable, who must act, outcome])."""

    def __init__(
        self,
        status: int,
        en: str,
        zh: str,
        retryable: bool = False,
        who: Who = "caller",
        outcome: Outcome = "failed",
    ) -> None:
        self.status = status
        self.en = en
        self.zh = zh
        self.retryable = retryable
        self.who: Who = who
        self.outcome: Outcome = outcome

    @property
    def code(self) -> str:
        """The stable code of the catalogue: the member's name."""
        return self.name


class Refused(Exception):
    """An expected no. `facts` are plain values for programs; `fields` name what to mend."""

    def __init__(self, refusal: Refusal, *, fields: list[FieldFault] | None = None, **facts: Any) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.fields = fields or []
        self.facts = facts


class RequestRefusal(Refusal):
    """Refusals of the request itself, before any domain is asked."""

    body_too_large = (413, "The body is larger than this endpoint accepts", "请求体超过上限")
    malformed_json = (400, "The body is not valid JSON", "请求体不是合法的 JSON")
    invalid_request = (422, "A field is missing, unknown or of the wrong form", "字段缺失、未知或格式不正确")
    not_found = (404, "There is no such thing here", "未找到")
    method_not_allowed = (405, "This method is not offered here", "不支持该请求方法")
    version_unknown = (
        400,
        "There is no such version of the API; `known` lists those there are",
        "没有该 API 版本，可用版本见 `known`",
    )
    conflict = (409, "It was changed meanwhile; read it again", "内容已被他人修改，请重新读取")
    overloaded = (
        429,
        "Too many requests are waiting; try again later",
        "请求过多，请稍后重试",
        True,
        "caller",
    )
    draining = (503, "This server is stopping; try again", "服务正在停止，请重试", True, "platform")
    internal = (
        500,
        "A fault on our side; the request id helps us find it",
        "系统内部错误，请提供请求编号",
        True,
        "platform",
        "unknown",
    )
    unavailable = (
        503,
        "A part of the platform did not answer, so the outcome is unknown; ask again with the same number",
        "平台内部暂时无应答，结果未知；请用同一单号重试",
        True,
        "platform",
        "unknown",
    )


def unchanged(since: int | None, now: int) -> None:
    """Refuses `conflict` when an edit names the version that it was made from, and that is not the present one."""
    if since is not None and since != now:
        raise Refused(RequestRefusal.conflict, version=now)


def invalid(path: str, message: str) -> Refused:
    """One bad field."""
    return Refused(RequestRefusal.invalid_request, fields=[FieldFault(path, message)])
