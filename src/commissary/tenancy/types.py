"""Who acts, with what right; keys; refusals of the entrance."""

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.base.versions import NEWEST

ActorKind = Literal["person", "key", "system", "cli"]

# What an API key may do. One word per right; a key has a set of them.
BUYER_SCOPES = (
    "orders:write",
    "orders:read",
    "codes:read",
    "catalog:read",
    "balance:read",
    "webhooks:write",
)
SUPPLIER_SCOPES = ("supply:provide", "webhooks:write")
SCOPES = (*BUYER_SCOPES, "supply:provide")


Factor = Literal["password", "totp", "passkey", "recovery"]
TwoFactor = Literal["off", "staff", "all"]


class Proof(msgspec.Struct, frozen=True):
    """When the person behind a session last proved that it is he, and by what he may do so again. `session`: its
    token's hash."""

    at: datetime
    factors: tuple[Factor, ...] = ("password",)
    session: bytes = b""
    owes_factor: bool = False  # the mall demands one and he has none: nothing but enrolling is open to him


class Actor(msgspec.Struct, frozen=True):
    """Whoever does an administrative act, as the audit remembers him. `permissions` come from roles. `proof` is a
    person's, of his session; nobody else has one."""

    mall_id: int
    kind: ActorKind
    id: str
    organisation_id: int = 0
    permissions: frozenset[str] = frozenset()
    ip: str = ""
    proof: Proof | None = None


class ApiKey(msgspec.Struct, frozen=True):
    """A credential as the process caches it. `secrets`: the current one, then the old one while it lives."""

    id: str
    mall_id: int
    home_id: int
    organisation_id: int
    account_id: int
    scopes: frozenset[str]
    ip_allow: tuple[IPv4Network | IPv6Network, ...]
    secrets: tuple[bytes, ...]
    old_secret_until: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    name: str = ""
    api_version: str = NEWEST
    mall_open: bool = True
    buyer_active: bool = True  # the organisation and everything above it


class Caller(msgspec.Struct, frozen=True):
    """An authenticated API call. `nonce` is None for bearer tokens; an order POST spends it with its batch. `version`: of the API, in
    which it is answered, where that was looked at."""

    key: ApiKey
    ip: str
    nonce: bytes | None = None
    signed_at: int = 0
    request_id: str = ""
    version: str = ""


OrganisationKind = Literal["mall", "buyer", "supplier", "enterprise"]
OrganisationStatus = Literal["active", "suspended", "closed"]
PersonStatus = Literal["active", "suspended"]
InvitationStatus = Literal["open", "used", "revoked", "expired"]

Mode = Literal["live", "test"]
"""`test`: in the sandbox."""


def mode_of(key_id: str) -> Mode:
    """What a key's id says of itself."""
    return "test" if key_id.startswith("ck_test_") else "live"


# In which mode a browser's session acts, and how one call says it for itself.
MODE_COOKIE, MODE_HEADER = "commissary_mode", "commissary-mode"

# Where a browser keeps its session token. The second name serves plain http on a laptop, where `__Host-` is refused.
SESSION_COOKIES = ("__Host-commissary", "commissary_session")


class Mall(msgspec.Struct, frozen=True):
    id: int
    slug: str
    name: str
    currency: str
    zone: str
    shadow_of: int | None
    clock_offset_s: int
    status: Literal["open", "suspended", "closed"]


class Organisation(msgspec.Struct, frozen=True):
    id: int
    kind: OrganisationKind
    name: str
    parent_id: int | None
    home_id: int
    status: OrganisationStatus
    created_at: datetime


class Person(msgspec.Struct, frozen=True):
    """A person as a member of one organisation."""

    id: int
    email: str
    name: str
    status: PersonStatus
    organisation_id: int
    role: str
    created_at: datetime


class Membership(msgspec.Struct, frozen=True):
    """An organisation that somebody may act for."""

    organisation_id: int
    name: str
    kind: OrganisationKind
    role: str


class Rp(msgspec.Struct, frozen=True):
    """Whose passkeys they are (WebAuthn's relying party): the console's host name, and its origins."""

    id: str
    origins: list[str]


class Passkey(msgspec.Struct, frozen=True):
    id: int
    name: str
    rp_id: str
    created_at: datetime
    used_at: datetime | None


class Factors(msgspec.Struct, frozen=True):
    """What somebody has enrolled. `demanded`: his mall wants him to have one."""

    totp_since: datetime | None
    passkeys: list[Passkey]
    recovery_left: int
    demanded: bool


class Given(msgspec.Struct, frozen=True):
    """What somebody proves himself with: one of them. `assertion` is WebAuthn's JSON."""

    code: str | None = None
    recovery: str | None = None
    assertion: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return "Given(…)"


class SecurityPolicy(msgspec.Struct, frozen=True):
    """`reveal_above_e4`: from an order of more than that, codes are shown only to who has just proved himself. `version`
    0: nobody has set it."""

    two_factor: TwoFactor = "off"
    reveal_above_e4: int = 0
    version: int = 0


LookKind = Literal["code", "fields", "contact", "file", "evidence"]


class Look(msgspec.Struct, frozen=True):
    """At what somebody wants to look, and why. `owner_id`: the organisation whose it is; `place` within the subject, such
    as line and piece."""

    kind: LookKind
    owner_id: int
    subject: str
    place: str
    reason: str


class Watermark(msgspec.Struct, frozen=True):
    """What a page draws over a secret: who looks, and when. `mark` is the id of the look in the log of who saw what."""

    viewer: str
    at: datetime
    mark: str


class Revealed(msgspec.Struct, frozen=True):
    """A line of the log of who saw what."""

    id: int
    at: datetime
    person_id: int
    person: str
    organisation_id: int
    owner_id: int
    ip: str
    kind: LookKind
    subject: str
    place: str
    reason: str


class Device(msgspec.Struct, frozen=True):
    """A session as its person sees it. `id` says nothing about its token."""

    id: str
    current: bool
    agent: str
    ip: str
    created_at: datetime
    seen_at: datetime
    proved_by: Factor


class Me(msgspec.Struct, frozen=True):
    """Who is signed in, and for whom he acts. `memberships`: for whom else he may sign in."""

    mall: Mall
    organisation: Organisation
    person: Person
    permissions: list[str]
    memberships: list[Membership]
    owes_factor: bool = False
    sandbox: bool = False
    signs_in_to: str = ""


class KeyView(msgspec.Struct, frozen=True):
    """An API key as lists show it: without its secret."""

    id: str
    organisation_id: int
    account_id: int
    name: str
    scopes: list[str]
    ip_allow: list[str]
    old_secret_until: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    api_version: str = NEWEST
    version: int = 1


class AuditEntry(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    ip: str
    action: str
    subject: str
    before: Any
    after: Any


class Founded(msgspec.Struct, frozen=True):
    mall_id: int
    organisation_id: int
    person_id: int


class TenancyRefusal(Refusal):
    """In order of precedence."""

    not_signed_in = (401, "Sign in first", "请先登录")
    wrong_credentials = (401, "Mall, e-mail or password is wrong", "商城、邮箱或密码不正确")
    too_many_attempts = (
        429,
        "Too many failed sign-ins; try again in a quarter of an hour",
        "登录失败次数过多，请 15 分钟后再试",
        True,
    )
    second_factor_required = (
        403,
        "The password is right; now a code, a recovery code or a passkey",
        "密码正确，请继续完成第二步验证",
    )
    sign_in_expired = (403, "Begin the sign-in again", "登录已超时或尝试次数过多，请重新登录")
    factor_enrolment_required = (
        403,
        "This mall demands a second factor; enrol one first",
        "本商城要求启用两步验证，请先完成绑定",
    )
    forbidden = (403, "Your role does not allow this", "您的角色无权执行此操作")
    step_up_required = (
        403,
        "Prove that it is you before this act, then ask again",
        "此操作须先验证本人身份，验证后请重试",
    )
    reveals_locked = (
        429,
        "Too many secrets were looked at in a minute; looking is locked for a while, and the owner was told",
        "一分钟内查看次数过多，查看功能已暂时锁定，并已通知所有者",
    )
    wrong_factor = (
        403,
        "This code, passkey or password is wrong, or was used before",
        "验证码、通行密钥或密码不正确，或已被使用",
    )
    factor_unusable = (
        409,
        "Prove yourself by a factor that you have enrolled",
        "请使用您已绑定的验证方式",
    )
    passkey_needs_name = (
        409,
        "Passkeys need a host name; open the console by one (localhost on this machine)",
        "通行密钥须通过域名使用，请以域名打开后台（本机可用 localhost）",
    )
    factor_exists = (409, "It is enrolled already; remove it first", "已绑定，请先解除原有绑定")
    passkey_limit = (409, "A person has 20 passkeys at most", "每人最多绑定 20 个通行密钥")
    role_does_not_fit = (
        409,
        "This role does not exist in an organisation of this kind",
        "该角色不适用于此类组织",
    )
    own_role = (
        409,
        "Nobody gives himself a role of the mall's own, or changes the one he holds",
        "不能给自己授予自定义角色，也不能修改自己持有的角色",
    )
    role_held = (
        409,
        "Somebody holds this role or is invited to it; give him another first",
        "仍有人员持有或受邀担任该角色，请先更换",
    )
    already_member = (409, "This person is a member already", "该人员已是成员")
    invitation_void = (
        409,
        "This link was used, taken back, or is too old; ask for a new one",
        "邀请链接已使用、已撤回或已过期，请重新获取",
    )
    last_owner = (409, "The mall must keep at least one active owner", "商城必须至少保留一位在职的所有者")
    email_taken = (409, "A person with this e-mail exists already", "该邮箱已被使用")
    slug_taken = (409, "A mall with this short name exists already", "该商城标识已被使用")
    mall_organisation = (409, "The mall's own organisation cannot be suspended", "不能停用商城自身的组织")
    key_is_revoked = (
        409,
        "A revoked key stays revoked; issue a new one",
        "密钥已吊销且不可恢复，请签发新密钥",
    )
    view_limit = (409, "A page has 50 saved views at most", "每个页面最多保存 50 个视图")
    not_a_shadow = (409, "Only a test mall's clock can be moved", "仅测试商城可以调整时钟")
    no_sandbox = (
        409,
        "This mall has no sandbox; the operator founds it with `commissary sandbox`",
        "该商城尚无沙箱，由运营方通过 commissary sandbox 命令开设",
        False,
        "operator",
    )
    not_in_sandbox = (409, "Switch to the sandbox first", "请先切换到沙箱")


class AuthRefusal(Refusal):
    """In order of precedence. Everything before `ip_not_allowed` says as little as possible to a stranger."""

    foreign_origin = (
        403,
        "A change by session cookie must come from the console's own page; programs send a bearer token",
        "使用登录 Cookie 的修改操作须来自后台页面本身；程序请使用 Bearer 令牌",
    )
    missing_credentials = (401, "Sign the request or send a bearer token", "请对请求签名或携带 Bearer 令牌")
    malformed_credentials = (
        401,
        "A signature header is missing or of the wrong form",
        "签名请求头缺失或格式错误",
    )
    unknown_key = (401, "There is no such API key", "API 密钥不存在")
    timestamp_out_of_window = (
        401,
        "The timestamp is more than 300 seconds from our clock",
        "时间戳与服务器时间相差超过 300 秒",
        True,
    )
    bad_signature = (401, "The signature does not fit the request", "签名与请求不符")
    key_revoked = (401, "The API key was revoked", "API 密钥已吊销")
    key_expired = (401, "The API key has expired", "API 密钥已过期")
    ip_not_allowed = (403, "This key may not be used from this address", "该密钥不允许从此 IP 使用")
    mall_closed = (403, "The mall does not trade now", "商城当前未营业", False, "operator")
    buyer_suspended = (403, "This buyer is suspended", "该客户已被停用", False, "operator")
    missing_scope = (403, "The key lacks the scope this call needs", "密钥缺少此接口所需的权限")
    nonce_used = (
        401,
        "The nonce was used before; ask for the order by its client_order_no before sending again",
        "随机数已被使用；重发前请先按 client_order_no 查询订单",
        False,
        "caller",
        "unknown",
    )
