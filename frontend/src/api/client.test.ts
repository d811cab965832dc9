import { afterEach, describe, expect, it, vi } from "vitest";
import { ask, ended, got } from "./client";
import { Fault, Offline, retryable } from "./errors";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

afterEach(() => vi.unstubAllGlobals());

describe("an answer", () => {
  it("that refuses keeps the server's words and the number of the request", async () => {
    const problem = {
      code: "no_stock",
      title: "No",
      title_zh: "-",
      status: 409,
      retryable: false,
      request_id: "a-1",
    };
    const call = got(Promise.resolve({ error: problem, response: answer(409, problem) }));
    const fault = await call.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ message: "no_stock", requestId: "a-1", status: 409 });
    expect(retryable(fault)).toBe(false);
  });

  it("that never came is told as that, for nobody knows what was done", async () => {
    await expect(got(Promise.reject(new TypeError("failed")))).rejects.toBeInstanceOf(Offline);
  });

  it("of 401 tells that the session has ended, but not at a wrong password", async () => {
    const told = vi.fn();
    ended.addEventListener("ended", told);
    const refused = (code: string) =>
      got(Promise.resolve({ error: { code }, response: answer(401, { code }) })).catch(() => null);
    await refused("wrong_credentials");
    expect(told).not.toHaveBeenCalled();
    await refused("session_ended");
    expect(told).toHaveBeenCalledOnce();
  });
});

describe("what this server has not", () => {
  it("is null, and empty parameters are not sent", async () => {
    const fetched = vi.fn(() => Promise.resolve(answer(404, {})));
    vi.stubGlobal("fetch", fetched);
    expect(await ask("/console/v1/search", { q: "x", none: undefined, empty: "" })).toBeNull();
    const [[request]] = fetched.mock.calls as unknown as [[Request]];
    expect(request.url).toMatch(/\/console\/v1\/search\?q=x$/);
  });
});
