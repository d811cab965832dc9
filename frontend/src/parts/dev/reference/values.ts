import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { canSign, tried } from "./sign";
import type { Mine, Operation } from "./types";

interface Sandbox {
  goods: { how: string; sku_id: string | null }[];
}

/** What this visit made: the order that was placed last, for the calls that ask for one. */
const made: { order_id?: string } = {};

export function keepOrder(body: string): void {
  try {
    const told = JSON.parse(body) as { id?: string; order_no?: string };
    if (told.id && told.order_no) made.order_id = told.id;
  } catch {
    // no JSON: nothing to keep
  }
}

const GOODS: Pick<Operation, "method" | "recipe"> & { path: string } = {
  method: "GET",
  path: "/v1/sandbox",
  recipe: {
    key: "Commissary-Key",
    timestamp: "Commissary-Timestamp",
    nonce: "Commissary-Nonce",
    signature: "Commissary-Signature",
    window_s: 300,
  },
};

/** The reader's own for the examples' ids: goods of the sandbox that always succeed, a number that nobody has used, his latest order. */
export function useMine(key: string | undefined, secret: string): Mine {
  const [number] = useState(() => `T-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`);
  const base = location.origin;
  const goods = useQuery({
    // Its last letters tell one secret from a mistyped one; the rest is nothing for a name.
    queryKey: ["docs", "goods", key, secret.slice(-4)],
    enabled: !!key && secret.length > 20 && canSign(),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const call = { path: GOODS.path, query: "", headers: {}, body: "" };
      const answer = await tried(GOODS, call, { base, key: key ?? "", secret, values: {} });
      // Without the right to read goods, or with a wrong secret, the example stays; trying the call says why.
      if (answer.status !== 200) return null;
      return (JSON.parse(answer.body) as Sandbox).goods.find((one) => one.how === "success")?.sku_id ?? null;
    },
  });
  const values: Record<string, string> = {
    client_order_no: number,
    reference: number,
    ...(goods.data ? { sku_id: goods.data } : {}),
    ...(made.order_id ? { order_id: made.order_id } : {}),
  };
  return { base, key: key ?? "", secret, values };
}
