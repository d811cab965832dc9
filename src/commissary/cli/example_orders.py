"""The example mall's first day: its buyers order, signed and over HTTP, so that no screen is empty when somebody looks.

Some are delivered from stock, some are bought from suppliers, some wait for a person, and one phone is topped up so often that risk holds it.
"""

import hashlib
import hmac
import json
import logging
import secrets
import time

import aiohttp

from commissary.cli.example_mall import Made

log = logging.getLogger("commissary.example")

# By buyer: SKU, pieces, and what a top-up must say.
GIFTS = (
    ("SWC-30", 20, None),
    ("XHV-M", 12, None),
    ("BHM-100", 30, None),
    ("GYC-2D", 8, None),
    ("SET-WKND", 3, None),
    ("BHM-500", 2, None),
    ("SWC-L", 15, None),
    ("GYC-IMX", 1, None),
    ("GYC-IMX", 2, None),
)
STUDIO = (
    ("JZG-C", 5, None),
    ("JZG-648", 1, {"account": "dragon_2026", "region": "华东", "role": "青衫"}),
    ("JZG-648", 1, {"account": "night_watch", "region": "华南", "role": "夜航"}),
    *(("YQM-Y", 2, None),) * 6,
    ("TDM-50", 1, {"phone": "13700137000"}),
    ("TDM-100", 1, {"phone": "13900139000"}),
    ("XHV-Y", 1, None),
    *(("TDM-50", 1, {"phone": "13800138000"}),) * 12,
)
WELFARE = (
    ("FNM-Y", 20, None),
    ("BHM-500", 60, None),
    ("XMF-15", 100, None),
    ("YQM-Q", 25, None),
    ("XHV-M", 5000, None),  # more than there is: refused, as it should be
)
GROUP = (
    ("SWC-30", 12, None),
    ("XMF-15", 30, None),
    ("GYC-2D", 6, None),
    ("TDM-50", 1, {"phone": "13600136001"}),
)
SHOP = (
    ("XHV-M", 10, None),
    ("YQM-Q", 5, None),
    ("JZG-C", 8, None),
)
PRESENTS = (
    ("BHM-100", 50, None),
    ("SWC-30", 50, None),
    ("FNM-Y", 5, None),
)


async def place(made: Made, url: str) -> None:
    """One after another; what is refused is left out."""
    async with aiohttp.ClientSession() as session:
        for buyer, ((key_id, secret), wanted) in enumerate(
            zip(made.keys, (GIFTS, STUDIO, WELFARE, GROUP, SHOP, PRESENTS), strict=True)
        ):
            for number, (code, quantity, fields) in enumerate(wanted, 1):
                line = {"sku_id": str(made.skus[code]), "quantity": quantity}
                if fields is not None:
                    line["fields"] = fields
                body = json.dumps(
                    {"client_order_no": f"EX{buyer + 1}-{number:03d}", "lines": [line]}
                ).encode()
                try:
                    async with session.post(
                        f"{url}/v1/orders", data=body, headers=signed(key_id, secret, body)
                    ) as answer:
                        await answer.read()
                except aiohttp.ClientError as error:
                    log.warning("an example order could not be placed: %s", type(error).__name__)
                    return


def signed(key_id: str, secret: str, body: bytes) -> dict[str, str]:
    """The header fields of `POST /v1/orders` with that body."""
    at, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"POST\n/v1/orders\n\n{at}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return {
        "Content-Type": "application/json",
        "Commissary-Key": key_id,
        "Commissary-Timestamp": at,
        "Commissary-Nonce": nonce,
        "Commissary-Signature": hmac.new(secret.encode(), message.encode(), "sha256").hexdigest(),
    }
