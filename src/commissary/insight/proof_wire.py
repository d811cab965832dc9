"""Proofs, holders and custody on the wire."""

import base64
from datetime import datetime

import msgspec

from commissary import orders
from commissary.base import money
from commissary.base.money import Money
from commissary.insight.custody import Chain
from commissary.insight.proofs import OrderProof
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


class SourceOut(msgspec.Struct, frozen=True):
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
    commitment: str


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


class ChainOut(msgspec.Struct, frozen=True):
    """`takers`, newest first: the first holds the code. `gaps` is empty when custody tells everything."""

    source: SourceOut
    steps: list[StepOut]
    takers: list[TakerOut]
    now: str
    gaps: list[str]


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
            s.commitment.hex(),
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
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _hex(raw: bytes | None) -> str | None:
    return None if raw is None else bytes(raw).hex()
