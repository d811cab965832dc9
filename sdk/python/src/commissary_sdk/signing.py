"""The signature of a request: one HMAC over everything that decides what the request does.

What is signed is what is sent: PATH and QUERY exactly as they stand on the request line, BODY as raw bytes. The
vectors in `sdk/golden.json` are shared with the server and with samples in other languages.
"""

import hashlib
import hmac


def sign(
    secret: str, method: str, path: str, query: str, timestamp: int | str, nonce: str, body: bytes = b""
) -> str:
    """Hex HMAC-SHA-256 with the UTF-8 bytes of `secret`; `query` without its `?`, empty if there is none."""
    message = string_to_sign(method, path, query, timestamp, nonce, body)
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def string_to_sign(
    method: str, path: str, query: str, timestamp: int | str, nonce: str, body: bytes = b""
) -> str:
    """Six lines joined by single newlines, without one at the end."""
    return "\n".join((method.upper(), path, query, str(timestamp), nonce, hashlib.sha256(body).hexdigest()))


def signed_headers(
    key: str, secret: str, method: str, path: str, query: str, timestamp: int, nonce: str, body: bytes = b""
) -> dict[str, str]:
    """The four headers of a signed request, for callers who bring their own HTTP client."""
    return {
        "Commissary-Key": key,
        "Commissary-Timestamp": str(timestamp),
        "Commissary-Nonce": nonce,
        "Commissary-Signature": sign(secret, method, path, query, timestamp, nonce, body),
    }
