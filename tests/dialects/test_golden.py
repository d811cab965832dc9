"""Signatures that others printed or that their own programs made: ours must be the same to the letter."""

import hashlib

import pytest

from commissary import dialects
from commissary.dialects import SPECS

FULU = {
    "app_key": "APPKEY+/=",
    "method": "fulu.order.direct.add",
    "timestamp": "2026-11-22 10:00:00",
    "version": "2.0",
    "format": "json",
    "charset": "utf-8",
    "sign_type": "md5",
    "app_auth_token": "",
}
PARAMETERS = {"app_id": "1001", "app_key": "AB+C%41d"}

VECTORS: list[tuple[str, str, dict[str, object], str, str]] = [
    (
        "卡速售 2.0",
        "kasushou",
        {
            "timestamp": "1696645385740",
            "body": b'{"day":10,"external_orderno":"","ordersn":"D100759082558859640832"}',
        },
        "H0YnuPpcVtx7rQdMTbjN6932s5oDOqFa",
        "15b8f541eb10e3fbb33efd92c8d52d50ddca0784",
    ),
    *[
        (
            f"卡卡云 v3, key …{key[-1]}",
            "kakayun",
            {
                "attach": "13088888888",
                "buynum": 1,
                "goodsid": 720938,
                "timestamp": 1735002156,
                "userid": 10052,
            },
            key,
            signature,
        )
        for key, signature in (
            ("9aa3034b6beba7cf5bfcf6089218a674", "82a4da7502872e7a128b510d10cad6ab"),
            ("9aa3034b6beba7cf5bfcf6089218a673", "921bfe2dcd4ecca574d8b8c76412ede5"),
        )
    ],
    (
        "卡易信 v3",
        "kayixin",
        {
            "app_id": "10000",
            "version": "3.0",
            "timestamp": "1760767397",
            "body": b'{"orderNumber":"20251016165825069","outerNumber":""}',
        },
        "652fbdd2f637606a2afbb2fe0ca72419",
        "6a414e658265ff3ca665cee3b161c4e9",
    ),
    (
        "蓝色兄弟",
        "lansexiongdi",
        {
            "accountType": 1,
            "merchantId": 10000,
            "notifyUrl": "http://test.openapi.1688sup.cn",
            "number": 1,
            "outTradeNo": "41858615686074369",
            "productId": 101,
            "rechargeAccount": "18888888888",
            "timeStamp": 1575010281,
            "version": "1.0",
        },
        "11111111",
        "25400A2ED4F77693C6C4E3B40E4D576E",
    ),
    (
        "蓝色兄弟, the published test merchant",
        "lansexiongdi",
        {
            "accountType": 1,
            "merchantId": 23329,
            "notifyUrl": "123456",
            "number": 1,
            "outTradeNo": "postmantest_1676423737wrznqq7l",
            "productId": 106,
            "rechargeAccount": "18288888888",
            "timeStamp": 1676423737,
        },
        "8db16e8cc8363ed4eb4c14f9520bcc32",
        "E78CBE8D8B38371E367CB67191541FC7",
    ),
    (
        "星海",
        "xinghai",
        {
            "amount": 1,
            "appId": "YTUvZeeOdx",
            "callbackUrl": "http://127.0.0.1:8921/api/callback/test",
            "itemId": 100001,
            "outOrderId": "2975857684279803",
            "timestamp": "20200717133601001",
            "uuid": "18898810602",
        },
        "owfwFkDnlCuiUTYz",
        "2f64566717836f1b62276519ac71aaf3",
    ),
    (
        "闲管家",
        "xianguanjia",
        {
            "app_id": "677859093659717",
            "app_secret": "wK63PxlOBaY9NoqMksLeZySzGIW25ifA",
            "body_md5": hashlib.md5(
                b'{"goods_type":1,"goods_no":"12344532"}', usedforsecurity=False
            ).hexdigest(),
            "timestamp": "1724414553",
            "merchant_id": "1001",
        },
        "o9wl81dncmvby3ijpq7eur456zhgtaxs",
        "fda5954f48ab32b3b271c84450440ead",
    ),
    (
        "epusdt",
        "epusdt",
        {
            "amount": 42,
            "notify_url": "http://example.com/notify",
            "order_id": "20220201030210321",
            "redirect_url": "http://example.com/redirect",
        },
        "epusdt_password_xasddawqe",
        "1cd4b52df5587cfb1968b0c0c6e156cd",
    ),
    (
        "阿奇索",
        "agiso",
        {
            "json": '{"Tid":2067719225654838,"Status":"WAIT_BUYER_CONFIRM_GOODS",......,"TotalFee":"3.00"}',
            "timestamp": "11222212121",
        },
        "9f8g9d78sg9d8f8ew9f89ds9f8ds9af8",
        "f8aa165fc951f266667e0605d78b93af",
    ),
    (
        "acg-faka, a nested choice",
        "acg_faka",
        dialects.flattened(
            {
                **PARAMETERS,
                "shared_code": "SKU-1",
                "num": 2,
                "card_id": 0,
                "password": "",
                "race": "月卡",
                "request_no": 123,
                "sku": {"颜色": "红 色+1%", "容量": "128G"},
            }
        ),
        "AB+C%41d",
        "a0b3f4ee0428b6bbc456534d03a0777b",
    ),
    (
        "acg-faka, null and nothing vanish",
        "acg_faka",
        dialects.flattened({**PARAMETERS, "code": "X", "race": None, "sku": []}),
        "AB+C%41d",
        "a174cfa0480bb83d7dd32bc9d469efca",
    ),
    (
        "acg-faka, zero and false stay",
        "acg_faka",
        dialects.flattened({"b": "a&b=c", "a": "%E4%BD%A0", "z": "0", "y": 0, "f": False}),
        "AB+C%41d",
        "bb95f50e81aa5d23e125b04ed96eb107",
    ),
    *[
        (
            f"acg-faka, from the wire: {sorted(more)}",
            "acg_faka",
            dialects.flattened({"app_id": 1001, "app_key": "k" * 32, **more}),
            "k" * 32,
            signature,
        )
        for more, signature in (
            ({}, "eb76aa2f1a9f701746802101b987fb6c"),
            ({"code": "SKU-VIP-1M"}, "becb59aa489f12d7d5685ab886cd4f81"),
        )
    ],
    *[
        (
            f"福禄 v2: {content}",
            "fulu",
            {**FULU, "biz_content": content},
            "SECRET0123456789SECRET0123456789",
            signature,
        )
        for content, signature in (
            (
                '{"product_id":10000001,"customer_order_no":"C1","charge_account":"充值/a@b.cn","buy_num":1}',
                "2d7f53310a04c05acc6d4e6bf6748f88",
            ),
            (
                '{"product_id":10000001,"customer_order_no":"C1","charge_account":"\\u5145\\u503c\\/a@b.cn",'
                '"buy_num":1,"charge_game_name":null}',
                "ac33e8be410ef779381c3237f957a795",
            ),
        )
    ],
]


@pytest.mark.parametrize(
    ("protocol", "values", "key", "signature"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS]
)
def test_a_signature_that_others_made(
    protocol: str, values: dict[str, object], key: str, signature: str
) -> None:
    spec = SPECS[protocol]
    assert dialects.sign(spec, values, key) == signature
    assert dialects.verify(spec, values, key, signature.swapcase())
    assert not dialects.verify(spec, values, key, ("0" if signature[0] != "0" else "1") + signature[1:])
    assert not dialects.verify(spec, values, key + "x", signature)
    assert not dialects.verify(spec, values, key, "")
