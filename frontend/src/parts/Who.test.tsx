import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { speak } from "@/i18n";
import { Who } from "./Who";

afterEach(() => vi.unstubAllGlobals());

test("people are asked for together, and who may not be known keeps his id", async () => {
  await speak("en");
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(new URL(request.url).searchParams.get("people") ?? "");
    return new Response(JSON.stringify({ items: [{ kind: "person", id: "11", name: "Lin Xia" }] }), {
      headers: { "content-type": "application/json" },
    });
  });
  const { container } = render(
    <QueryClientProvider client={new QueryClient()}>
      {["person:11", "person:99999999922222222", "person:11", "key:ck_123456789", "cli:root"].map((by, n) => (
        <p key={n}>
          <Who by={by} />
        </p>
      ))}
    </QueryClientProvider>,
  );
  expect(await screen.findAllByText("Lin Xia")).toHaveLength(2);
  expect(asked).toEqual(["11,99999999922222222"]);
  expect(container.textContent).toContain("…22222222");
  expect(container.textContent).toContain("…23456789");
  expect(container.textContent).toContain("root");
});

test("a name that could not be asked for is asked for again", async () => {
  await speak("en");
  let calls = 0;
  vi.stubGlobal("fetch", async () => {
    calls += 1;
    if (calls === 1) throw new TypeError("failed");
    return new Response(JSON.stringify({ items: [{ kind: "person", id: "12", name: "Wu Bai" }] }), {
      headers: { "content-type": "application/json" },
    });
  });
  render(
    <QueryClientProvider
      client={new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 1 } } })}
    >
      <Who by="person:12" />
    </QueryClientProvider>,
  );
  expect(await screen.findByText("Wu Bai")).toBeTruthy();
  expect(calls).toBe(2);
});
