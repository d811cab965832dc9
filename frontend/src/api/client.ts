import createClient from "openapi-fetch";
import { Fault, Offline, type Problem } from "./errors";
import type { components, paths } from "./schema";
import { proving, stepUp } from "./stepup";

export type Of<Name extends keyof components["schemas"]> = components["schemas"][Name];
export type Money = Of<"Money">;

// `fetch` is looked up at each call, so that a test can stand in its place.
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) });

const MODE = "commissary.mode";
export type Mode = "live" | "test";

/** In which of the two this tab works; switching in another changes nothing under its hands. Null: as the session was switched last. */
export function tabMode(): Mode | null {
  const kept = sessionStorage.getItem(MODE);
  return kept === "live" || kept === "test" ? kept : null;
}

export function keepTabMode(mode: Mode | null): void {
  if (mode) sessionStorage.setItem(MODE, mode);
  else sessionStorage.removeItem(MODE);
}

api.use({
  onRequest({ request }) {
    const mode = tabMode();
    if (mode) request.headers.set("Commissary-Mode", mode);
    return request;
  },
});
// Behind the mode: what is made once more is made where it was made first.
api.use(stepUp);

/** A call whose body or answer is a file: in this tab's mode, and with a proof where one is wanted. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const request = new Request(new URL(path, location.origin), init);
  const mode = tabMode();
  if (mode) request.headers.set("Commissary-Mode", mode);
  const again = request.clone();
  try {
    return await proving(await fetch(request), again);
  } catch (error) {
    if (error instanceof TypeError) throw new Offline();
    throw error;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Told when the session has ended; the shell asks to sign in again and leaves the page as it is. */
export const ended = new EventTarget();

/** The body of a call that went well; else a Fault with the server's own words. */
export async function got<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof TypeError) throw new Offline();
    throw error;
  }
  if (answer.response.ok) return answer.data as T;
  throw faultOf(answer.response, answer.error);
}

/** For what the generated types do not know yet. Null: this server has no such operation. */
export async function ask<T>(
  path: string,
  query: Record<string, string | undefined> = {},
): Promise<T | null> {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  const response = await send(url.href);
  if (response.ok) return (await response.json()) as T;
  if (response.status === 404 || response.status === 405) {
    await response.text(); // else the connection stays taken
    return null;
  }
  throw faultOf(response, await response.json().catch(() => undefined));
}

export function faultOf(response: Response, error: unknown): Fault {
  const problem =
    typeof error === "object" && error !== null && "code" in error ? (error as Problem) : undefined;
  if (response.status === 401 && problem?.code !== "wrong_credentials")
    ended.dispatchEvent(new Event("ended"));
  return new Fault(response.status, problem, response.headers.get("commissary-request-id") ?? "");
}
