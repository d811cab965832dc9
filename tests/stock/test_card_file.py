"""Card-code files as the trade writes them: every row a code or a fault, never a guess."""

import random
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.base import table_file
from commissary.base.errors import Refused
from commissary.stock import card_file
from commissary.stock.normalise import normalise
from commissary.stock.pan import luhn, payment_card_brand

D = date(2027, 12, 31)

# (what it is, kind, the file, number / secret / expiry of each row)
READ = [
    ("one a line", "code", "ABCD1234\nEFGH5678\n", [(None, "ABCD1234", None), (None, "EFGH5678", None)]),
    ("groups", "code", "AB12-CD34\nEF56-GH78", [(None, "AB12-CD34", None), (None, "EF56-GH78", None)]),
    ("spaced groups", "code", "AB12 CD34 EF56\nGH78 IJ90 KL12", [(None, "AB12 CD34 EF56", None), (None, "GH78 IJ90 KL12", None)]),
    ("comma pair", "code", "6001,pw-1a\n6002,pw-2b", [("6001", "pw-1a", None), ("6002", "pw-2b", None)]),
    ("tab pair", "code", "6001\tpw1\n6002\tpw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("bar pair", "code", "6001|pw1\n6002|pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("semicolon pair", "code", "6001;pw1\n6002;pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("space pair", "code", "60010001 pw1a\n60010002 pw2b", [("60010001", "pw1a", None), ("60010002", "pw2b", None)]),
    ("four dashes", "code", "6001----pw1\n6002----pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("three dashes", "code", "6001---pw1\n6002---pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("dashes and date", "code", "6001----pw1----2027-12-31\n6002----pw2----2027/12/31", [("6001", "pw1", D), ("6002", "pw2", D)]),
    ("secret and date", "voucher", "ABCD,2027-12-31\nEFGH,2027-12-31", [(None, "ABCD", D), (None, "EFGH", D)]),
    ("header zh", "code", "卡号,密码,有效期\n6001,pw1,2027年12月31日\n6002,pw2,永久", [("6001", "pw1", D), ("6002", "pw2", None)]),
    ("header en, other order", "code", "PIN,Card No.,Valid Until\npw1,6001,31.12.2027", [("6001", "pw1", D)]),
    ("header, one column", "code", "卡密\nABC1\nABC2", [(None, "ABC1", None), (None, "ABC2", None)]),
    ("header, index column", "code", "序号,卡号,卡密\n1,6001,pw1\n2,6002,pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("prose", "code", "卡号：6001 密码：pw1\n卡号：6002 密码：pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("prose with all", "code", "账号:6001,密码:pw1,有效期:2027-12-31 23:59:59", [("6001", "pw1", D)]),
    ("prose with dashes", "code", "卡号：6001----密码：pw1----有效期至：20271231", [("6001", "pw1", D)]),
    ("prose en", "code", "1. Card No: 6001 PIN: pw1\n2. Card No: 6002 PIN: pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("numbering dots", "code", "1. ABCD\n2. EFGH", [(None, "ABCD", None), (None, "EFGH", None)]),
    ("numbering commas", "code", "1、6001----pw1\n2、6002----pw2", [("6001", "pw1", None), ("6002", "pw2", None)]),
    ("numbering and space pair", "code", "1. 600100 pw1\n2. 600200 pw2", [("600100", "pw1", None), ("600200", "pw2", None)]),
    ("links", "link", "https://k.example.cn/a?b=c-d\nhttps://k.example.cn/e", [(None, "https://k.example.cn/a?b=c-d", None), (None, "https://k.example.cn/e", None)]),
    ("numbered links", "link", "1. https://k.example.cn/a\n2. https://k.example.cn/b", [(None, "https://k.example.cn/a", None), (None, "https://k.example.cn/b", None)]),
    ("link prose", "link", "链接：https://k.example.cn/a 有效期：2027-12-31", [(None, "https://k.example.cn/a", D)]),
    ("link and date", "link", "https://k.example.cn/a,2027-12-31\nhttps://k.example.cn/b,2027-12-31", [(None, "https://k.example.cn/a", D), (None, "https://k.example.cn/b", D)]),
    ("text formulas", "code", '卡号,密码\n="0001","=""0002"""', [("0001", "0002", None)]),
    ("apostrophe", "code", "卡号,密码\n'0001,0002", [("0001", "0002", None)]),
    ("shared", "shared_code", "WELCOME2027", [(None, "WELCOME2027", None)]),
]  # fmt: skip

# (what is wrong, kind, the file, line and reason of each fault)
FAULTY = [
    ("columns differ", "code", "6001,pw1\n6002,pw2\n" * 10 + "6003,pw3,oops\n6004\n", [(21, "columns_differ"), (22, "columns_differ")]),
    ("no secret", "code", "卡号,密码\n6001,\n", [(2, "secret_missing")]),
    ("no number", "code", "卡号,密码\n,pw1\n", [(2, "number_missing")]),
    ("scientific", "code", "卡号,密码\n6.23E+18,pw1\n", [(2, "precision_lost")]),
    ("sheet error", "code", "卡号,密码\n6001,#N/A\n6002,#######\n", [(2, "cell_error"), (3, "cell_error")]),
    ("US or UK date", "code", "卡号,密码,有效期\n6001,pw1,12/11/2027\n", [(2, "date_unclear")]),
    ("no such day", "code", "卡号,密码,有效期\n6001,pw1,2027-02-30\n", [(2, "date_unclear")]),
    ("short year", "code", "卡号,密码,有效期\n6001,pw1,27-12-31\n", [(2, "date_unclear")]),
    ("serial date", "code", "卡号,密码,有效期\n6001,pw1,46752\n", [(2, "date_unclear")]),
    ("five dashes", "code", "6001----pw1\n6002-----pw2\n" + "6003----pw3\n" * 9, [(2, "odd_dashes")]),
    ("prose on two lines", "code", "卡号：6001\n密码：pw1\n", [(1, "label_missing"), (2, "label_missing")]),
    ("text before", "code", "卡号：6001 密码：pw1\n某东卡 卡号：6002 密码：pw2", [(2, "text_before_label")]),
    ("label twice", "code", "卡号：6001 密码：pw1 密码：pw2", [(1, "label_repeated")]),
    ("words after", "code", "卡号：6001 密码：pw1 请尽快使用", [(1, "spaces_unclear")]),
    ("number missing", "code", "1. ABCD\n2. EFGH\n" + "".join(f"{n}. CODE{n}\n" for n in range(3, 250)) + "PLAIN", [(250, "numbering_missing")]),
    ("delimiter inside", "code", "ABCD1234\n" * 12 + "ABCD----1234\n", [(13, "delimiter_unexpected")]),
    ("http link", "link", "https://k.example.cn/a\nhttp://k.example.cn/b\n", [(2, "link_malformed")]),
    ("link and something", "link", "https://k.example.cn/a\n" * 12 + "https://k.example.cn/b,x1\n", [(13, "delimiter_unexpected")]),
    ("link of a user", "link", "https://u:p@k.example.cn/a\nhttps://k.example.cn/b\nhttps://localhost/c\nhttps://k.example.cn:99999/", [(1, "link_malformed"), (3, "link_malformed"), (4, "link_malformed")]),
    ("payment card", "code", "卡号,密码\n4111 1111 1111 1111,123\n6001,5555-5555-5555-4444\n6002,４１１１１１１１１１１１１１１１\n", [(2, "payment_card_number"), (3, "payment_card_number"), (4, "payment_card_number")]),
    ("card inside", "code", "卡号,密码\n6001,x4111111111111111y\n", [(2, "payment_card_number")]),
]  # fmt: skip

# (what is unclear about the whole file, kind, the file, reason)
UNCLEAR = [
    ("three columns", "code", "a1,b2,c3\nd4,e5,f6", "columns_unclear"),
    ("two delimiters", "code", "6001,a;b\n6002,c;d", "delimiter_unclear"),
    ("dashes and comma", "code", "6001----pw1,2027-12-31\n6002----pw2,2027-12-31", "delimiter_unclear"),
    ("two words alike", "code", "ABCD EFGH\nIJKL MNOP", "spaces_unclear"),
    ("eight digits", "code", "6001,20271231\n6002,20271231", "date_column_unclear"),
    ("unknown header", "code", "甲,乙\n6001,pw1\n6002,pw2", "header_unclear"),
    ("two passwords", "code", "密码,pin\npw1,pw2", "header_repeated"),
    ("no password", "code", "卡号,面值\n6001,100", "header_without_secret"),
    ("face value", "code", "6001,100\n6002,100\n6003,100", "constant_column"),
    ("index", "code", "1,ABCD\n2,EFGH", "index_column"),
    ("mixed", "code", "a,b\nc\nd,e\nf", "columns_vary"),
    ("link and something", "link", "https://k.example.cn/a,x1\nhttps://k.example.cn/b,x2", "columns_unclear"),
]  # fmt: skip


def read(
    text: str | bytes, kind: str = "code", **options: object
) -> list[card_file.CodeRow | card_file.Fault]:
    raw = text.encode() if isinstance(text, str) else text
    return list(card_file.read_codes(raw, kind=kind, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "wanted"), [each[1:] for each in READ], ids=[each[0] for each in READ]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_dialects(kind: str, text: str, wanted: list[object], encoding: str) -> None:
    for newline in ("\n", "\r\n"):
        found = read(text.replace("\n", newline).encode(encoding), kind)
        assert [isinstance(each, card_file.CodeRow) for each in found] == [True] * len(wanted), found
        assert [(each.number, each.secret, each.expires_on) for each in found] == wanted  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "text", "wanted"), [each[1:] for each in FAULTY], ids=[each[0] for each in FAULTY]
)
def test_faults(kind: str, text: str, wanted: list[tuple[int, str]]) -> None:
    found = read(text, kind)
    faults = [each for each in found if isinstance(each, card_file.Fault)]
    assert [(each.line, each.reason_code) for each in faults] == wanted
    for fault in faults:
        assert fault.en
        assert fault.zh
        assert "{" not in fault.en + fault.zh


@pytest.mark.parametrize(
    ("kind", "text", "reason"), [each[1:] for each in UNCLEAR], ids=[each[0] for each in UNCLEAR]
)
def test_unclear_files_are_refused_and_a_layout_settles_them(kind: str, text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, kind)
    assert refused.value.refusal is card_file.CodeFileRefusal.layout_unclear
    assert refused.value.facts["reason"] == reason
    preview = card_file.sniff(text.encode(), kind=kind)  # type: ignore[arg-type]
    assert preview.layout is None
    assert preview.trouble is not None
    assert preview.trouble.reason_code == reason
    settled = read(text, kind, layout=card_file.Layout(columns=["secret"], delimiter=""))
    assert len(settled) == len(text.splitlines())
    assert kind == "link" or all(isinstance(each, card_file.CodeRow) for each in settled)


def test_layout_names_columns_and_keeps_extras() -> None:
    layout = card_file.Layout(columns=["-", "face", "secret", "number"], delimiter="|", has_header=True)
    found = read("a|b|c|d\n1|100|p w,1|6001\n2||pw2|6002", layout=layout)
    assert found == [
        card_file.CodeRow(2, "6001", "p w,1", None, {"face": "100"}),
        card_file.CodeRow(3, "6002", "pw2", None, None),
    ]
    with pytest.raises(ValueError, match="exactly one secret"):
        read("a,b", layout=card_file.Layout(columns=["number", "face"]))


def test_unknown_header_columns_become_extras() -> None:
    found = read("卡号,面值,密码\n6001,100,pw1")
    assert found == [card_file.CodeRow(2, "6001", "pw1", None, {"面值": "100"})]


def test_one_hundred_payment_cards_are_one_hundred_faults() -> None:
    seed = random.Random(7)
    cards = [_card(seed) for _ in range(100)]
    rows = read("卡号,密码\n" + "".join(f"{card},pw{n}\n" for n, card in enumerate(cards)))
    rows += read("卡号,密码\n" + "".join(f"N{n:05},{card}\n" for n, card in enumerate(cards)))
    rows += read("\n".join(cards))
    assert [each.reason_code for each in rows if isinstance(each, card_file.Fault)] == [
        "payment_card_number"
    ] * 300
    assert all(
        isinstance(each, card_file.CodeRow) for each in read("\n".join(cards), accept_payment_cards=True)
    )


def test_payment_card_false_positives_stay_at_their_arithmetic() -> None:
    seed = random.Random(11)
    count = 100_000
    digits = sum(payment_card_brand(f"{seed.randrange(10**16):016d}") is not None for _ in range(count))
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    mixed = sum(
        payment_card_brand("".join(seed.choices(letters, k=16))) is not None for _ in range(count // 10)
    )
    # A tenth of each brand's share of all sixteen-digit numbers: Visa 10 %, Mastercard 9.98 %, UnionPay 2 %, JCB 0.62 %.
    assert 0.018 < digits / count < 0.024
    assert mixed == 0


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("4111111111111111", "visa"), ("4222222222222", "visa"), ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"), ("378282246310005", "amex"), ("3782 822463 10005", "amex"),
        ("3530111333300000", "jcb"), ("6200000000000005", "unionpay"), ("4111.1111.1111.1111", "visa"),
        ("4111111111111112", None), ("9111111111111111", None), ("41111111111111", None), ("A" * 40, None),
        ("2027-12-31 23:59:59", None), ("٤١١١١١١١١١١١١١١١", "visa"), ("12345" * 100, None),
    ],
)  # fmt: skip
def test_payment_card_brands(text: str, brand: str | None) -> None:
    assert payment_card_brand(text) == brand


def test_preview_masks(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "卡号,密码,有效期\n6001000200030004X,SECRETSECRET,2027-12-31\n6002,short,2027-12-31\n", "gb18030"
    )
    preview = card_file.sniff(path, kind="code")
    assert preview.dialect.encoding == "gb18030"
    assert preview.dialect.delimiter == ","
    assert preview.header == ("卡号", "密码", "有效期")
    assert preview.layout is not None
    assert tuple(preview.layout.columns) == ("number", "secret", "expires_on")
    assert preview.rows[0] == ("60••••4X", "SE••••ET", "20••••31")
    assert preview.rows[1][1] == "••••"
    assert "SECRETSECRET" not in repr(preview) + repr(read(path.read_bytes()))


@given(
    st.text("ABCdef0123456789-|,;: \t", min_size=8, max_size=40), st.sampled_from(["code", "link", "voucher"])
)
def test_no_fault_repeats_what_it_saw(cell: str, kind: str) -> None:
    secret = "Zq9" + cell.strip() + "Zq9"
    text = f"6001,{secret}\n6002----{secret}\n卡号：{secret}\n{secret}\n"
    try:
        found: object = [each for each in read(text, kind) if isinstance(each, card_file.Fault)]
    except Refused as refused:
        found = refused.facts
    assert "Zq9" not in repr(found)
    assert "Zq9" not in repr(card_file.sniff(text.encode(), kind=kind).trouble)  # type: ignore[arg-type]


def test_batches_resume_where_they_stopped() -> None:
    text = "卡号,密码\n" + "".join(f"{n:06},密{n:06}\n" for n in range(1_000)) + "bad\n"
    whole = read(text)
    preview = card_file.sniff(text.encode(), kind="code")
    got: list[card_file.CodeRow | card_file.Fault] = []
    start = None
    for size in (1, 7, 300, 1_000):  # Each round is a process that died after one batch.
        batch = next(
            card_file.code_batches(
                text.encode(), size, kind="code", layout=preview.layout, dialect=preview.dialect, start=start
            )
        )
        got += batch.codes
        got += batch.faults
        start = batch.after
    assert got == whole


def test_workbook_keeps_zeros_and_faults_lost_ones(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["卡号", "密码", "有效期"])
    sheet.append(["0012345678901234567", "000123", date(2027, 12, 31)])
    sheet.append([1234567890123456789, "000123", None])
    sheet.append(["6001", 123456, "2027-12-31"])
    sheet.append(["6002", 1234, "2027-12-31"])
    sheet.append(["6003", 12.5, "2027-12-31"])
    path = tmp_path / "codes.xlsx"
    book.save(path)
    found = list(card_file.read_codes(path, kind="code"))
    assert found[0] == card_file.CodeRow(2, "0012345678901234567", "000123", D)
    assert (found[1].line, found[1].reason_code, found[1].column) == (3, "precision_lost", 1)  # type: ignore[union-attr]
    assert found[2] == card_file.CodeRow(4, "6001", "123456", D)
    assert (found[3].line, found[3].reason_code) == (5, "leading_zero_lost")  # type: ignore[union-attr]


def test_parsing_is_fast() -> None:
    seed = random.Random(3)
    raw = "".join(f"9{n:015d},K{seed.getrandbits(40):010X},2027-12-31\n" for n in range(30_000)).encode()
    began = time.thread_time()
    assert (
        sum(isinstance(each, card_file.CodeRow) for each in card_file.read_codes(raw, kind="code")) == 30_000
    )
    assert time.thread_time() - began < 3  # A tenth of the usual rate.


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2027-12-31", D), ("2027/12/31", D), ("20271231", D), ("2027年12月31日", D), ("31.12.2027", D), ("2027.12.31", D),
        ("2027-12-31 23:59:59", D), ("2027-12-31T23:59", D), ("２０２７－１２－３１", D), ("长期有效", None), ("", None),
    ],
)  # fmt: skip
def test_dates(text: str, wanted: date | None) -> None:
    assert card_file.read_date(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2027",
        "12-31-2027",
        "2027-13-01",
        "2027-12",
        "27.12.31",
        "1827-12-31",
        "2027-12/31",
        "2027-12-31Z",
    ],
)
def test_dates_that_could_be_two(text: str) -> None:
    with pytest.raises(ValueError):
        card_file.read_date(text)


# ── normalise ───────────────────────────────────────────────────────────────────────────────────────────────────

SEPARATORS = ["-", "_", ".", " ", "\u3000", "\u200b", "\u00a0", "\ufeff", "－", "–", "\t", "\u2060"]
codes = st.text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjk0123456789", min_size=4, max_size=24)


@given(st.text(), st.booleans())
def test_normalise_twice_is_once(text: str, case_sensitive: bool) -> None:
    once = normalise(text, case_sensitive=case_sensitive)
    assert normalise(once, case_sensitive=case_sensitive) == once


@given(codes, st.data())
def test_variants_collide(code: str, data: st.DataObject) -> None:
    variant = ""
    for character in code:
        wide = data.draw(st.booleans())
        variant += (chr(ord(character) + 0xFEE0) if wide else character) + data.draw(
            st.sampled_from(["", *SEPARATORS])
        )
    assert normalise(variant, case_sensitive=True) == normalise(code, case_sensitive=True) == code
    assert normalise(variant.swapcase(), case_sensitive=False) == normalise(code, case_sensitive=False)


@given(codes, codes)
def test_different_codes_do_not_collide(one: str, other: str) -> None:
    assert (normalise(one, case_sensitive=True) == normalise(other, case_sensitive=True)) == (one == other)
    assert (normalise(one, case_sensitive=False) == normalise(other, case_sensitive=False)) == (
        one.lower() == other.lower()
    )


def test_links_keep_their_token() -> None:
    link = normalise(" HTTPS://K.Example.cn/a-B_c.d?x=Y ", case_sensitive=False)
    assert link == "https://k.example.cn/a-B_c.d?x=Y"
    assert normalise("---", case_sensitive=True) != normalise("...", case_sensitive=True)


def _card(seed: random.Random) -> str:
    beginning, length = seed.choice(
        [("4", 16), ("4", 13), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
         ("3528", 16), ("3589", 16), ("62", 16), ("62", 19), ("81", 16)]
    )  # fmt: skip
    body = beginning + "".join(seed.choices("0123456789", k=length - len(beginning) - 1))
    return next(body + last for last in "0123456789" if luhn(body + last))


def test_long_runs_of_separators_cost_nothing() -> None:
    began = time.thread_time()
    for run in (
        "-" * 4_000,
        "- " * 2_000,
        "1 " * 2_000,
        "卡号" * 2_000,
        "(" * 4_000,
        "1" * 4_000,
        "--," * 1_300,
    ):
        for text in (f"卡号：{run}x 密码：{run}", f"{run},x\n{run},y", run):
            try:
                read(text)
            except Refused as refused:
                assert refused.refusal is card_file.CodeFileRefusal.layout_unclear  # noqa: PT017
    assert time.thread_time() - began < 5


def test_table_limits_reach_through() -> None:
    with pytest.raises(Refused) as refused:
        read("A1\nA2\nA3\n", limits=table_file.Limits(rows_max=2))
    assert refused.value.refusal is table_file.TableRefusal.rows_too_many
