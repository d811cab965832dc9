"""A call as a face sees it, what it says, and a callback of ours."""

from collections.abc import Mapping
from typing import Any

import msgspec

from commissary.base.errors import Refusal


class Call(msgspec.Struct, frozen=True):
    """`path` is what stands behind the face's own address, without a leading slash; `headers` by their names in lower
    case. `passed_on`: by another process of ours, which could not place the order itself."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: bytes
    began: float  # by the loop's clock
    scope: Any = None
    passed_on: bool = False
    request_id: str = ""


class Said(msgspec.Struct, frozen=True):
    """An answer. Codes may stand in `body`: it is for the caller alone and for no log."""

    body: bytes
    status: int = 200

    def __repr__(self) -> str:
        return f"Said({self.status}, {len(self.body)} bytes)"


class Notice(msgspec.Struct, frozen=True):
    """A callback to be posted; as `Said`, it may hold codes."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Notice({len(self.body)} bytes)"


class Due(msgspec.Struct, frozen=True):
    """An order whose shop is to be told."""

    order_id: int
    face: str
    key_id: str
    url: str
    n: int
    attempts: int


class Application(msgspec.Struct, frozen=True):
    """The mall's application with an operator. `repr` shows no secret."""

    app_id: str
    secret: str

    def __repr__(self) -> str:
        return f"Application({self.app_id})"


class FaceRefusal(Refusal):
    """What no domain says, in order of precedence. Callers hear it in their protocol's words."""

    not_private = (
        403,
        "The secret travels in clear here: call over https",
        "密钥以明文传输，请改用 https 地址对接",
    )
    application_missing = (
        401,
        "The mall has not entered its application with this operator",
        "商城尚未登记该平台的应用",
    )
    timestamp_too_far = (401, "The timestamp is too far from our clock", "时间戳已超过有效期")
    not_offered = (409, "This is not offered here", "暂不支持该功能")
    too_late = (
        409,
        "Not delivered in time: the order was called off and the money is free again",
        "未能及时发货，订单已取消，款项已退回",
    )
