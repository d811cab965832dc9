import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { own, ownCall, signed, signedCurl } from "./sign";
import type { Mine, Operation } from "./types";

const operation: Operation = {
  name: "placeorder",
  method: "POST",
  path: "/v1/orders",
  summary: "",
  note: "",
  signed: true,
  base: "https://mall.example",
  key: "YOUR_KEY_ID",
  secret: "YOUR_KEY_SECRET",
  recipe: { key: "K", timestamp: "T", nonce: "N", signature: "S", window_s: 300 },
  values: { sku_id: ["250782049558855680"], client_order_no: ["PO 1"] },
  call: {
    path: "/v1/orders",
    query: "client_order_no=PO%201",
    headers: {},
    media: "application/json",
    body: '{"sku_id": "250782049558855680", "client_order_no": "PO 1", "note": "券\'s"}',
  },
  samples: [],
  idempotency: "",
  errors: [],
};
const mine: Mine = {
  base: "http://localhost:8000",
  key: "ck_test_1_a",
  secret: "sk_test_x",
  values: { sku_id: "77", client_order_no: "T/9" },
};

test("a call is signed as the server counts", async () => {
  const call = ownCall(operation, mine);
  const headers = await signed(operation, call, mine.key, mine.secret, 1_793_577_600_999, "abc");
  const digest = createHash("sha256").update(call.body).digest("hex");
  const text = `POST\n/v1/orders\nclient_order_no=T%2F9\n1793577600\nabc\n${digest}`;
  const signature = createHmac("sha256", mine.secret).update(text).digest("hex");
  expect(headers).toEqual({ K: "ck_test_1_a", T: "1793577600", N: "abc", S: signature });
});

test("the reader's own values stand where the example's did, and without a secret its place stays", () => {
  expect(ownCall(operation, mine).body).toBe('{"sku_id": "77", "client_order_no": "T/9", "note": "券\'s"}');
  expect(own("https://mall.example YOUR_KEY_ID YOUR_KEY_SECRET", operation, { ...mine, secret: "" })).toBe(
    "http://localhost:8000 ck_test_1_a YOUR_KEY_SECRET",
  );
});

test("a signed curl has no secret, and a quote cannot leave its argument", async () => {
  const text = await signedCurl(operation, mine);
  expect(text).not.toContain(mine.secret);
  expect(text).toContain("-H 'K: ck_test_1_a'");
  expect(text).toContain("券'\\''s");
});
