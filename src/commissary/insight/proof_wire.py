"""Proofs, holders and custody on the wire."""

import base64
from datetime import datetime
from typing import Annotated

import msgspec
import segno

from commissary import orders
from commissary.base import money
from commissary.base.money import Money
from commissary.insight.custody import Chain
from commissary.insight.proofs import OrderProof, Piece
from commissary.insight.types import CustodyGap, CustodyNow
from commissary.provenance.types import Proof


class RecallOut(msgspec.Struct, frozen=True):
    """`reason` in the words of the mall's staff."""

    line_no: int
    batch_id: str
    at: datetime
    reason: str


class PieceOut(msgspec.Struct, frozen=True):
    """One code of a line, counted from 1, and its public page: print it as a QR code."""

    line_no: int
    n: int
    url: str


class QrOut(PieceOut, frozen=True):
    """Also as a picture to print."""

    qr_svg: str


class QrOfCodeOut(QrOut, frozen=True):
    """`batch_id` and `seq`: where the code lies, as `getCustody` takes it; null of what people entered by hand, and of top-ups."""

    batch_id: str | None
    seq: int | None


class StampOut(msgspec.Struct, frozen=True):
    """A third party's time (RFC 3161) on `checkpoint`, an earlier one than the proof's or the same: `response` is his answer,
    DER in base64. Entries below the checkpoint's size were there at that time."""

    at: datetime
    checkpoint: str
    response: str


class ProofOut(msgspec.Struct, frozen=True):
    """`proof` verifies offline; null while nothing was delivered. `pending` events are newer than its checkpoint. `next` is
    the cursor of further `pages`."""

    order_id: str
    proof: Proof | None
    pending: int
    recalls: list[RecallOut]
    pages: list[PieceOut]
    next: str | None
    timestamp: StampOut | None = None


class RecallLookOut(msgspec.Struct, frozen=True):
    """`pieces`: delivered and not reversed; `refund`: what their buyers would get back."""

    orders: int
    buyers: int
    pieces: int
    refund: Money


class HolderOut(msgspec.Struct, frozen=True):
    """A line that holds codes `first` to `last` of the batch."""

    order_id: str
    line_no: int
    buyer_id: str
    buyer_name: str
    client_order_no: str
    sku_id: str
    first: int
    last: int
    shared: bool
    status: str
    placed_at: datetime


class BoughtOut(msgspec.Struct, frozen=True):
    """The purchase that brought a code for one line; `supplier_ref` is the supplier's number of it."""

    id: str
    connection_id: str
    connection_name: str
    supplier_ref: str
    called_at: datetime


class SourceOut(msgspec.Struct, frozen=True):
    """Where it came from: a batch of the vault, or, with `bought`, the purchase that it was bought by for one line, whose id and
    state then stand in `batch_id` and `status`; `by_hand`: a person gave it for a line, and they are the order's and the line's.
    `commitment` is null when no delivery tells of it."""

    batch_id: str
    seq: int
    sku_id: str
    supplier_id: str | None
    supplier_name: str
    source: str
    import_id: str | None
    proof_name: str | None
    proof_sha256: str | None
    received: int
    received_at: datetime
    status: str
    commitment_root: str | None
    commitment: str | None
    bought: BoughtOut | None
    by_hand: bool


class StepOut(msgspec.Struct, frozen=True):
    """`signed`: a checkpoint covers it."""

    at: datetime
    kind: str
    order_id: str | None
    line_no: int | None
    leaf: str
    position: int | None
    signed: bool


class TakerOut(msgspec.Struct, frozen=True):
    order_id: str
    line_no: int
    status: str
    buyer_id: str
    buyer_name: str
    client_order_no: str
    placed_at: datetime


class SeenOut(msgspec.Struct, frozen=True):
    """The code was shown in the console. `person` is null for who may not read the audit log. `leaf` and `position` are as of a
    step; without `leaf` it was before custody told of looks."""

    at: datetime
    order_id: str
    line_no: int
    by_buyer: bool
    person: str | None
    leaf: str | None
    position: int | None
    signed: bool


class TraceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`number` is the card's, where it has one beside its code."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None

    def __repr__(self) -> str:
        return "TraceIn(…)"


class PlaceOut(msgspec.Struct, frozen=True):
    """Where a code lies, as `getCustody` takes it."""

    batch_id: str
    seq: int


class ChainOut(msgspec.Struct, frozen=True):
    """`takers`, newest first: the first holds the code. `gaps` is empty when custody tells everything. `seen`, newest first: who was
    shown the code in the console."""

    source: SourceOut
    steps: list[StepOut]
    takers: list[TakerOut]
    now: CustodyNow
    gaps: list[CustodyGap]
    seen: list[SeenOut]


def proof_out(found: OrderProof, base_url: str) -> ProofOut:
    return ProofOut(
        str(found.order_id),
        found.proof,
        found.pending,
        [RecallOut(r.line_no, str(r.batch_id), r.at, r.reason) for r in found.recalls],
        [PieceOut(p.line_no, p.n, f"{base_url}/verify/{p.token}") for p in found.pieces],
        f"{found.following[0]}.{found.following[1]}" if found.following else None,
        None
        if (s := found.stamp) is None
        else StampOut(s.at, s.checkpoint, base64.b64encode(s.response).decode()),
    )


def qr_of(piece: Piece, base_url: str) -> QrOut:
    url = f"{base_url}/verify/{piece.token}"
    return QrOut(piece.line_no, piece.n, url, qr_svg(url))


def qr_of_code(piece: Piece, base_url: str) -> QrOfCodeOut:
    batch, seq = piece.place or (None, None)
    return QrOfCodeOut(**msgspec.structs.asdict(qr_of(piece, base_url)), batch_id=_id(batch), seq=seq)


def qr_svg(text: str) -> str:
    """A picture that stands by itself."""
    picture = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4, light="#fff")
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def recall_look_out(look: orders.RecallLook) -> RecallLookOut:
    return RecallLookOut(look.orders, look.buyers, look.pieces, money.of(look.refund_e4, look.currency))


def holder_out(held: orders.Holder) -> HolderOut:
    return HolderOut(
        str(held.order_id),
        held.line_no,
        str(held.buyer_id),
        held.buyer_name,
        held.client_order_no,
        str(held.sku_id),
        held.first_seq,
        held.last_seq,
        held.shared,
        held.state,
        held.placed_at,
    )


def chain_out(chain: Chain) -> ChainOut:
    s = chain.source
    return ChainOut(
        SourceOut(
            str(s.batch_id),
            s.seq,
            str(s.sku_id),
            _id(s.supplier_id),
            s.supplier_name,
            s.source,
            _id(s.import_id),
            s.proof_name,
            _hex(s.proof_sha256),
            s.received,
            s.received_at,
            s.batch_state,
            _hex(s.commitment_root),
            _hex(s.commitment),
            None
            if (b := s.bought) is None
            else BoughtOut(
                str(s.batch_id), str(b.connection_id), b.connection_name, b.supplier_ref, b.called_at
            ),
            s.by_hand,
        ),
        [
            StepOut(x.at, x.kind, _id(x.order_id), x.line_no, x.leaf.hex(), x.position, x.signed)
            for x in chain.steps
        ],
        [
            TakerOut(
                str(t.order_id),
                t.line_no,
                t.state,
                str(t.buyer_id),
                t.buyer_name,
                t.client_order_no,
                t.placed_at,
            )
            for t in chain.takers
        ],
        chain.now,
        chain.gaps,
        [
            SeenOut(
                x.at,
                str(x.order_id),
                x.line_no,
                x.by_buyer,
                x.person,
                None if x.leaf is None else x.leaf.hex(),
                x.position,
                x.signed,
            )
            for x in chain.seen
        ],
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _hex(raw: bytes | None) -> str | None:
    return None if raw is None else bytes(raw).hex()
