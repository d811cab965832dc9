/** A signed call for a shell that has curl and openssl: pasted as it is, it answers with the balance. */
export function sample(base: string, key: string, secret: string): string {
  return `BASE='${base}'
KEY='${key}'
SECRET='${secret}'
TIMESTAMP=$(date +%s)
NONCE=$(openssl rand -hex 16)
DIGEST=$(printf '' | openssl dgst -sha256 | sed 's/^.* //')
SIGNATURE=$(printf 'GET\\n/v1/balance\\n\\n%s\\n%s\\n%s' "$TIMESTAMP" "$NONCE" "$DIGEST" | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
curl -sS "$BASE/v1/balance" -H "Commissary-Key: $KEY" -H "Commissary-Timestamp: $TIMESTAMP" -H "Commissary-Nonce: $NONCE" -H "Commissary-Signature: $SIGNATURE"
`;
}
