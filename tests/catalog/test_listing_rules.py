"""The decision table of instrument classes, tax rules over time, and the input fields of top-ups. No database."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.base import money
from commissary.catalog import dated
from commissary.catalog.rules import (
    check_fields,
    check_specs,
    judge_listing,
    limit_at,
    longest_days,
    safe_pattern,
    tax_rule_at,
)
from commissary.catalog.types import FieldSpec, SkuDraft

TABLE = Path(__file__).parent.parent / "tables" / "instrument_classes.txt"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
LIMITS = list(dated._limits())


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split() for line in lines[1:]]


def test_table_is_long_enough_and_every_row_is_its_own() -> None:
    assert len(rows()) >= 40
    assert len({tuple(r[:6]) for r in rows()}) == len(rows())


@pytest.mark.parametrize("row", rows(), ids="-".join)
def test_instrument_classes(row: list[str]) -> None:
    given = [None if cell == "-" else cell for cell in row[:6]]
    cls, scope, face, named, days, licence = given
    sku = SkuDraft(
        product_id=1,
        code="c",
        name_zh="卡",
        name_en="card",
        kind="code",
        face_value_e4=money.parse(face) if face else None,
        face_currency="CNY" if face else None,
        validity_days=int(days) if days else None,
        instrument_class=cls,  # type: ignore[arg-type]
        issuer="Issuer Ltd",
        redeem_scope=scope,  # type: ignore[arg-type]
        registered={"yes": True, "no": False, None: None}[named],
        tax_category="prepaid_card",
        issuer_licence_no="Z2000133000019" if licence else None,
        issuer_licence_expires=(date(2026, 6, 30) if licence == "expired" else date(2030, 1, 1))
        if licence
        else None,
        issuer_licence_sha256=b"x" * 32 if licence in ("valid", "expired", "mall") else None,
    )
    faults = judge_listing(sku, LIMITS, NOW, issued_by_mall=licence == "mall")
    assert ("deny" if faults else "allow") == row[6]
    assert sorted({f.reason for f in faults}) == ([] if row[7] == "-" else sorted(row[7].split(",")))
    assert all(f.path in SkuDraft.__struct_fields__ and f.en and f.zh for f in faults)


def test_incomplete_names_every_missing_field() -> None:
    sku = SkuDraft(product_id=1, code="c", name_zh="卡", name_en="card", kind="code")
    paths = [f.path for f in judge_listing(sku, LIMITS, NOW)]
    assert paths == ["instrument_class", "issuer", "redeem_scope", "registered", "tax_category"]


def test_licence_is_good_through_its_last_day_in_china() -> None:
    sku = SkuDraft(
        product_id=1,
        code="c",
        name_zh="卡",
        name_en="card",
        kind="code",
        face_value_e4=1,
        face_currency="CNY",
        instrument_class="stored_value_multi",
        issuer="x",
        redeem_scope="several",
        registered=False,
        tax_category="prepaid_card",
        issuer_licence_no="n",
        issuer_licence_expires=date(2026, 6, 30),
        issuer_licence_sha256=b"x" * 32,
    )
    last_second = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)
    assert judge_listing(sku, LIMITS, last_second) == []
    assert judge_listing(sku, LIMITS, last_second + timedelta(seconds=1))[0].reason == "licence_expired"


def test_a_place_without_limits_on_file_lists_no_prepaid_card() -> None:
    assert limit_at(LIMITS, "US", "stored_value_single", False, NOW) is None
    region = limit_at(LIMITS, "CN-11", "stored_value_single", False, NOW)
    assert region is not None
    assert region.max_face_e4 == 10_000_000


def test_calendar_months_at_their_longest() -> None:
    assert [longest_days(m) for m in (0, 1, 2, 12, 36, 48)] == [0, 31, 62, 366, 1096, 1461]


# Tax --------------------------------------------------------------------------------------------------------------


def test_mobile_data_is_taxed_at_nine_from_2026() -> None:
    """The change of rate at midnight of UTC+8, to the second."""
    rules = list(dated._tax_rules())
    eve = datetime.fromisoformat("2025-12-31T23:59:59+08:00")
    before = tax_rule_at(rules, "telecom_data", "direct_topup", "principal", eve)
    after = tax_rule_at(rules, "telecom_data", "direct_topup", "principal", eve + timedelta(seconds=1))
    assert before is not None
    assert after is not None
    assert (before.rate_bp, after.rate_bp) == (600, 900)
    card = tax_rule_at(rules, "prepaid_card", "stored_value_single", "principal", eve)
    assert card is not None
    assert (card.rate_bp, card.tax_code, card.invoice_types) == (0, "6010000000000000000", ("general",))
    assert tax_rule_at(rules, "catering", "stored_value_single", "principal", eve) is None


@given(st.datetimes(datetime(1999, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_never_two_rules_at_once(at: datetime) -> None:
    rules = list(dated._tax_rules())
    held = [
        (r.category, r.instrument_class)
        for r in rules
        if r.valid_from <= at and (r.valid_to is None or at < r.valid_to)
    ]
    assert len(held) == len(set(held))


# Input fields -----------------------------------------------------------------------------------------------------

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)
SPECS = (
    PHONE,
    FieldSpec("region", "区服", "Region", type="choice", choices=("cn", "tw")),
    FieldSpec("uid", "游戏ID", "Player id", type="digits", min_length=6, max_length=10, required=False),
    FieldSpec("mail", "邮箱", "E-mail", type="email", required=False),
    FieldSpec("note", "备注", "Note", pattern="[A-Z]{2}[0-9]+", required=False),
)


def test_good_fields_come_out_clean() -> None:
    clean, faults = check_fields(
        SPECS, {"phone": " +86 138-0013-8000 ", "region": "cn", "uid": "", "note": "AB1"}
    )
    assert (clean, faults) == ({"phone": "13800138000", "region": "cn", "note": "AB1"}, [])
    assert check_fields(SPECS, {"phone": "+447911123456", "region": "tw"})[0]["phone"] == "+447911123456"


def test_each_missing_invalid_and_unknown_field_is_named() -> None:
    _, faults = check_fields(
        SPECS, {"region": "jp", "uid": "12345", "mail": "x@", "note": "ab1", "colour": "red"}
    )
    assert {f.path for f in faults} == {"phone", "region", "uid", "mail", "note", "colour"}
    assert all(" / " in f.message for f in faults)
    assert next(f.message for f in faults if f.path == "phone") == "Phone is missing / 缺少手机号"


@pytest.mark.parametrize(
    "phone",
    ["12800138000", "1380013800", "138001380000", "１３８００１３８０００", "+0123456", "13800138000\n9"],
)
def test_bad_phones(phone: str) -> None:
    assert [f.path for f in check_fields((PHONE,), {"phone": phone})[1]] == ["phone"]


@pytest.mark.parametrize("text", ["a\u200bb", "a\x00b", "a\u202eb"])
def test_invisible_characters_are_refused(text: str) -> None:
    spec = FieldSpec("account", "账号", "Account")
    assert check_fields((spec,), {"account": text})[1]


@given(
    st.dictionaries(
        st.text(max_size=20), st.one_of(st.text(max_size=300), st.integers(), st.none()), max_size=8
    )
)
def test_whatever_comes_is_judged_and_only_known_fields_pass(given_: dict) -> None:  # type: ignore[type-arg]
    clean, faults = check_fields(SPECS, given_)
    assert set(clean) <= {s.name for s in SPECS}
    assert faults or {"phone", "region"} <= set(clean)


def test_patterns_that_a_buyer_could_make_slow_are_refused() -> None:
    for bad in (
        "(a+)+$",
        "(a|aa)+",
        "(?=x)",
        r"(a)\1",
        ".*.*.*x",
        "[a-z]+[a-z]*x{1,}",
        "(",
        "",
        "a" * 201,
        "(a{1,9}){1,9}",
    ):
        assert not safe_pattern(bad), bad
    for good in ("[A-Z]{2}[0-9]+", r"\d{6,10}", "(cn|tw)-[0-9]+", r"[a-z+*]+@x\.cn"):
        assert safe_pattern(good), good
    spec = FieldSpec("a", "甲", "A", pattern="[a-z]+[a-z]+!", max_length=200)
    began = time.thread_time()
    assert check_fields((spec,), {"a": "a" * 200})[1]
    assert time.thread_time() - began < 0.1


def test_templates_are_checked() -> None:
    assert check_specs(SPECS) == []
    bad = (
        FieldSpec("Phone", "", "P", target=True),
        FieldSpec("x", "甲", "X", type="choice", target=True),
        FieldSpec("x", "甲", "X", min_length=9, max_length=3, pattern="(a+)+"),
    )
    assert {f.path for f in check_specs(bad)} == {
        "fields",
        "fields[0].name",
        "fields[0].label_zh",
        "fields[1].choices",
        "fields[2].max_length",
        "fields[2].pattern",
    }
