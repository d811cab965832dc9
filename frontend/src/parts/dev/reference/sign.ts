import type { Call, Mine, Operation } from "./types";

const bytes = (text: string): BufferSource => new TextEncoder().encode(text);
const hex = (buffer: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Browsers give WebCrypto to https and to this machine's own pages alone. */
export const canSign = (): boolean => typeof globalThis.crypto?.subtle !== "undefined";

/** The headers that sign a call, for once and for the next minutes: HMAC-SHA-256 over six lines, as every sample computes it. */
export async function signed(
  { method, recipe }: Pick<Operation, "method" | "recipe">,
  call: Pick<Call, "path" | "query" | "body">,
  key: string,
  secret: string,
  now = Date.now(),
  nonce = hex(crypto.getRandomValues(new Uint8Array(16))),
): Promise<Record<string, string>> {
  const at = Math.floor(now / 1000).toString();
  const digest = hex(await crypto.subtle.digest("SHA-256", bytes(call.body)));
  const text = [method, call.path, call.query, at, nonce, digest].join("\n");
  const held = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const signature = hex(await crypto.subtle.sign("HMAC", held, bytes(text)));
  return {
    [recipe.key]: key,
    [recipe.timestamp]: at,
    [recipe.nonce]: nonce,
    [recipe.signature]: signature,
  };
}

/** A text of the operation with the reader's own values where the example's stand. */
export function own(text: string, operation: Operation, mine: Mine): string {
  const places: [string, string][] = Object.entries(mine.values).flatMap(([field, value]) =>
    (operation.values[field] ?? []).flatMap((example): [string, string][] => [
      [example, value],
      [encodeURIComponent(example), encodeURIComponent(value)],
    ]),
  );
  places.push([operation.base, mine.base]);
  if (mine.key) places.push([operation.key, mine.key]);
  if (mine.secret) places.push([operation.secret, mine.secret]);
  return places.reduce((told, [example, value]) => told.replaceAll(example, value), text);
}

export function ownCall(operation: Operation, mine: Mine): Call {
  const { path, query, headers, body } = operation.call;
  return {
    path: own(path, operation, mine),
    query: own(query, operation, mine),
    headers,
    body: own(body, operation, mine),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** One call of curl that needs no secret: signed here and now, good once. */
export async function signedCurl(operation: Operation, mine: Mine): Promise<string> {
  const call = ownCall(operation, mine);
  const headers = { ...(await signed(operation, call, mine.key, mine.secret)), ...call.headers };
  const lines = [
    `curl -sS -X ${operation.method} ${quoted(mine.base + call.path + (call.query && `?${call.query}`))}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  if (operation.call.media) {
    lines.push(`-H ${quoted(`Content-Type: ${operation.call.media}`)}`);
    lines.push(`--data-binary ${quoted(call.body)}`);
  }
  return lines.join(" \\\n  ");
}

export interface Answered {
  status: number;
  elapsed_ms: number;
  request: string;
  body: string;
}

/** The call itself, from this page to the same host: without the session's cookie, so that the signature alone is who calls. */
export async function tried(
  operation: Pick<Operation, "method" | "recipe"> & { media?: string | null },
  call: Call,
  mine: Mine,
): Promise<Answered> {
  const headers = new Headers(await signed(operation, call, mine.key, mine.secret));
  for (const [name, value] of Object.entries(call.headers)) headers.set(name, value);
  const writes = !["GET", "HEAD", "DELETE"].includes(operation.method) && call.body !== "";
  if (writes) headers.set("Content-Type", operation.media ?? "application/json");
  const began = performance.now();
  const answer = await fetch(call.path + (call.query && `?${call.query}`), {
    method: operation.method,
    headers,
    body: writes ? call.body : undefined,
    credentials: "omit",
    cache: "no-store",
  });
  const body = await answer.text();
  return {
    status: answer.status,
    elapsed_ms: performance.now() - began,
    request: answer.headers.get("commissary-request-id") ?? "",
    body,
  };
}
