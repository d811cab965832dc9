/** A signed call for a shell that has curl and openssl: pasted as it is, it answers. A buyer's key asks for its balance. */
export function sample(base: string, key: string, secret: string, path = "/v1/balance"): string {
  return `BASE='${base}'
KEY='${key}'
SECRET='${secret}'
TIMESTAMP=$(date +%s)
NONCE=$(openssl rand -hex 16)
DIGEST=$(printf '' | openssl dgst -sha256 | sed 's/^.* //')
SIGNATURE=$(printf 'GET\\n${path}\\n\\n%s\\n%s\\n%s' "$TIMESTAMP" "$NONCE" "$DIGEST" | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
curl -sS "$BASE${path}" -H "Commissary-Key: $KEY" -H "Commissary-Timestamp: $TIMESTAMP" -H "Commissary-Nonce: $NONCE" -H "Commissary-Signature: $SIGNATURE"
`;
}

/** The path of the call that a key is tried with. */
export const TRIES = { buyer: "/v1/balance", supplier: "/v1/supply/requests" } as const;
