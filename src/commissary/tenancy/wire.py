"""People, keys and records of the console on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from commissary.base.wire import Id, Name, Version
from commissary.tenancy.invitations import Invitation
from commissary.tenancy.own_roles import OwnRole
from commissary.tenancy.types import (
    ActorKind,
    AuditEntry,
    InvitationStatus,
    KeyView,
    Me,
    Mode,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    PersonStatus,
    mode_of,
)

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
EXAMPLE = "example"  # the short name of the mall that `commissary up` makes
RoleName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class SignInIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mall` is the mall's short name; `organisation_id` for who belongs to several."""

    mall: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    email: Email
    password: Password
    organisation_id: Id | None = None

    def __repr__(self) -> str:
        return "SignInIn(…)"


class ClockIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the test mall's clock is ahead of the world's; ten years at most, and 0 brings it back."""

    offset_s: Annotated[int, msgspec.Meta(ge=-315_360_000, le=315_360_000)]


class ClockOut(msgspec.Struct, frozen=True):
    """A mall that is no test mall has no offset."""

    now: datetime
    offset_s: int


class PasswordIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: Password
    new: Password

    def __repr__(self) -> str:
        return "PasswordIn(…)"


class PersonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation_id: Id
    email: Email
    name: Name
    password: Password
    role: RoleName

    def __repr__(self) -> str:
        return "PersonIn(…)"


class OwnPersonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colleague: of the organisation that one is signed in for."""

    email: Email
    name: Name
    password: Password
    role: RoleName

    def __repr__(self) -> str:
        return "OwnPersonIn(…)"


class RoleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`role` null takes the person out of the organisation."""

    role: RoleName | None


class StatusIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: PersonStatus


class RotateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present secret lives this much longer."""

    overlap_s: Annotated[int, msgspec.Meta(ge=0, le=2_592_000)] = 86_400


class KeyEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses and networks that may use it, instead of those that could; empty: all. `version`, or If-Match: refused when somebody
    changed them since."""

    ip_allow: Annotated[list[Annotated[str, msgspec.Meta(max_length=80)]], msgspec.Meta(max_length=100)]
    version: Version


class PersonOut(msgspec.Struct, frozen=True):
    id: str
    email: str
    name: str
    status: PersonStatus
    organisation_id: str
    role: str
    created_at: datetime


class OrganisationOut(msgspec.Struct, frozen=True):
    id: str
    kind: OrganisationKind
    name: str
    parent_id: str | None
    status: OrganisationStatus
    created_at: datetime


class MallOut(msgspec.Struct, frozen=True):
    id: str
    slug: str
    name: str
    currency: str
    zone: str
    is_test: bool


class MembershipOut(msgspec.Struct, frozen=True):
    """An organisation that the person may sign in for (`organisation_id` of `POST /console/v1/sessions`)."""

    organisation_id: str
    name: str
    kind: OrganisationKind
    role: str


class FlagsOut(msgspec.Struct, frozen=True):
    """`test_mall`: nothing here is real, and the clock can be moved. `example`: the mall that a new installation is filled with.
    `must_enrol`: the mall demands a second factor that he has not; until he has enrolled one, all else is refused. `sandbox`: there is one to switch to."""

    test_mall: bool
    example: bool
    must_enrol: bool
    sandbox: bool


class MeOut(msgspec.Struct, frozen=True):
    """`role` and `permissions` are those held in `organisation`. `mode` `test`: everything is seen and done in the sandbox; `signs_in_to`: the
    short name of the mall where one signs in. `zone` is the mall's; `locale` the best of `zh-CN` and `en` for what
    the browser asks for."""

    mall: MallOut
    organisation: OrganisationOut
    person: PersonOut
    permissions: list[str]
    role: str
    memberships: list[MembershipOut]
    locale: Literal["zh-CN", "en"]
    zone: str
    flags: FlagsOut
    mode: Mode
    signs_in_to: str


class RoleOut(msgspec.Struct, frozen=True):
    """A preset, or with an `id` a role of the mall's own; `held` by how many people."""

    name: str
    zh: str
    en: str
    organisation_kinds: list[OrganisationKind]
    permissions: list[str]
    id: str | None = None
    version: int | None = None
    held: int | None = None


class InviteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation_id: Id
    email: Email
    role: RoleName


class InvitationOut(msgspec.Struct, frozen=True):
    """`token` is there once, in the answer that made it: the link is `/console/join#<token>`, which browsers send to nobody."""

    id: str
    organisation_id: str
    email: str
    role: str
    status: InvitationStatus
    invited_by: str
    created_at: datetime
    expires_at: datetime
    token: str | None = None

    def __repr__(self) -> str:
        return f"InvitationOut({self.id})"


class JoinLookIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]

    def __repr__(self) -> str:
        return "JoinLookIn(…)"


class JoinIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`password`: a new one, or that of the account which there is (`known`); `name` counts for a new one."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    name: Name
    password: Password

    def __repr__(self) -> str:
        return "JoinIn(…)"


class InvitedOut(msgspec.Struct, frozen=True):
    """What a link is for. `slug`: the mall's short name, to sign in with. `known`: this address has an account here already, whose
    password is asked for."""

    email: str
    role: str
    role_zh: str
    role_en: str
    organisation: str
    kind: OrganisationKind
    mall: str
    slug: str
    known: bool


class KeyOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`secret` is there once, in the answer that made it. `api_version`: what it speaks unless a call says another. `mode` `test`: a key of the sandbox, with which nothing real is bought."""

    id: str
    organisation_id: str
    account_id: str
    name: str
    scopes: list[str]
    ip_allow: list[str]
    created_at: datetime
    mode: Mode
    api_version: str
    version: int
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    old_secret_until: datetime | None = None
    secret: str | None = None

    def __repr__(self) -> str:
        return f"KeyOut({self.id})"


class AuditOut(msgspec.Struct, frozen=True):
    id: str
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    ip: str
    action: str
    subject: str
    before: Any
    after: Any


def person_out(p: Person) -> PersonOut:
    return PersonOut(str(p.id), p.email, p.name, p.status, str(p.organisation_id), p.role, p.created_at)


def role_out(r: OwnRole) -> RoleOut:
    return RoleOut(r.name, r.zh, r.en, [r.kind], r.permissions, str(r.id), r.version, r.held)


def invitation_out(i: Invitation, now: datetime, token: str | None = None) -> InvitationOut:
    status: InvitationStatus = "open"
    if i.used_at is not None:
        status = "used"
    elif i.revoked_at is not None:
        status = "revoked"
    elif i.expires_at <= now:
        status = "expired"
    return InvitationOut(
        id=str(i.id),
        organisation_id=str(i.organisation_id),
        email=i.email,
        role=i.role,
        status=status,
        invited_by=i.invited_by,
        created_at=i.created_at,
        expires_at=i.expires_at,
        token=token,
    )


def organisation_out(o: Organisation) -> OrganisationOut:
    parent = None if o.parent_id is None else str(o.parent_id)
    return OrganisationOut(str(o.id), o.kind, o.name, parent, o.status, o.created_at)


def me_out(me: Me, languages: str = "") -> MeOut:
    """`languages`: the request's Accept-Language."""
    m = me.mall
    test = m.shadow_of is not None
    return MeOut(
        mall=MallOut(str(m.id), m.slug, m.name, m.currency, m.zone, test),
        organisation=organisation_out(me.organisation),
        person=person_out(me.person),
        permissions=me.permissions,
        role=me.person.role,
        memberships=[MembershipOut(str(o.organisation_id), o.name, o.kind, o.role) for o in me.memberships],
        locale=locale_of(languages),
        zone=m.zone,
        flags=FlagsOut(test, m.slug == EXAMPLE, me.owes_factor, me.sandbox),
        mode="test" if test else "live",
        signs_in_to=me.signs_in_to,
    )


def locale_of(languages: str) -> Literal["zh-CN", "en"]:
    """The first of ours that the header names, which browsers write in order of preference; 中文 if it names none."""
    for part in languages.split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith("zh"):
            return "zh-CN"
        if name.startswith("en"):
            return "en"
    return "zh-CN"


def key_out(k: KeyView, secret: str | None = None) -> KeyOut:
    return KeyOut(
        id=k.id,
        organisation_id=str(k.organisation_id),
        account_id=str(k.account_id),
        name=k.name,
        scopes=list(k.scopes),
        ip_allow=list(k.ip_allow),
        created_at=k.created_at,
        mode=mode_of(k.id),
        api_version=k.api_version,
        version=k.version,
        expires_at=k.expires_at,
        revoked_at=k.revoked_at,
        old_secret_until=k.old_secret_until,
        secret=secret,
    )


def audit_out(e: AuditEntry) -> AuditOut:
    return AuditOut(str(e.id), e.at, e.actor_kind, e.actor_id, e.ip, e.action, e.subject, e.before, e.after)
