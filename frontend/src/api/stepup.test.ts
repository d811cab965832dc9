import { afterEach, describe, expect, it, vi } from "vitest";
import { api, got, keepTabMode } from "./client";
import { Fault } from "./errors";
import { save } from "./files";
import { askBy } from "./stepup";

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const refusal = { code: "step_up_required", facts: { factors: ["totp"] } };
const reveal = () =>
  got(
    api.POST("/console/v1/contacts/{contact_id}/reveal", {
      params: { path: { contact_id: "7" } },
      body: { reason: "typed by hand" },
    }),
  );

afterEach(() => {
  vi.unstubAllGlobals();
  keepTabMode(null);
  askBy(undefined);
});

describe("an act that wants a fresh proof", () => {
  it("is made once more after it, with what was typed", async () => {
    const bodies: string[] = [];
    const fetched = vi.fn(async (request: Request) => {
      bodies.push(await request.text());
      return bodies.length === 1 ? answer(403, refusal) : answer(200, { name: "x" });
    });
    vi.stubGlobal("fetch", fetched);
    const ask = vi.fn(() => Promise.resolve(true));
    askBy(ask);
    expect(await reveal()).toEqual({ name: "x" });
    expect(ask).toHaveBeenCalledWith(["totp"]);
    expect(bodies).toEqual(['{"reason":"typed by hand"}', '{"reason":"typed by hand"}']);
  });

  it("is not made again when he does not prove himself, nor a third time", async () => {
    const fetched = vi.fn(() => Promise.resolve(answer(403, refusal)));
    vi.stubGlobal("fetch", fetched);
    askBy(() => Promise.resolve(false));
    await expect(reveal()).rejects.toBeInstanceOf(Fault);
    expect(fetched).toHaveBeenCalledTimes(1);
    askBy(() => Promise.resolve(true));
    await expect(reveal()).rejects.toBeInstanceOf(Fault);
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it("is made where it was made first, a file too", async () => {
    keepTabMode("test");
    const modes: (string | null)[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      modes.push(request.headers.get("Commissary-Mode"));
      return modes.length % 2 ? answer(403, refusal) : answer(200, { name: "x" });
    });
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
    askBy(() => Promise.resolve(true));
    await reveal();
    await save("/console/v1/exports/7/fetch", "POST");
    expect(modes).toEqual(["test", "test", "test", "test"]);
  });

  it("asks once for calls that are refused together", async () => {
    let proved = false;
    vi.stubGlobal("fetch", () => Promise.resolve(proved ? answer(200, { name: "x" }) : answer(403, refusal)));
    const ask = vi.fn(async () => {
      await new Promise((wait) => setTimeout(wait, 10));
      proved = true;
      return true;
    });
    askBy(ask);
    await Promise.all([reveal(), reveal()]);
    expect(ask).toHaveBeenCalledOnce();
  });
});
