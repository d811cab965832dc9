import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/i18n";
import Picker from "./PickerField";

// 5,000 SKUs, of which the server gives a page of those that match, and names by id.
const SKUS = [...Array(5000).keys()].map((n) => ({
  id: String(n + 1),
  code: `S-${String(n + 1).padStart(4, "0")}`,
  name_zh: `${n + 1}`,
  name_en: `Good ${n + 1}`,
}));
let asked: URL[] = [];
let down = false;

beforeEach(async () => {
  asked = [];
  down = false;
  await speak("en");
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    asked.push(url);
    if (down) throw new TypeError("failed");
    const answer = url.pathname.endsWith("/names")
      ? {
          items: SKUS.filter((one) => url.searchParams.get("skus")?.split(",").includes(one.id)).map(
            (one) => ({
              ...one,
              kind: "sku",
              name: one.name_zh,
            }),
          ),
        }
      : {
          items: SKUS.filter((one) => one.code.includes(url.searchParams.get("q") ?? "")).slice(0, 20),
          next: "on",
        };
    return new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Shown({ first = "", told }: { first?: string; told?: (id: string) => void }) {
  const [value, setValue] = useState(first);
  return (
    <Picker
      of="sku"
      where={{ kind: ["code", "link"] }}
      label="SKU"
      value={value}
      change={(id) => {
        setValue(id);
        told?.(id);
      }}
    />
  );
}

function shown(what: React.ReactNode): HTMLInputElement {
  const queries = new QueryClient();
  queries.setQueryData(["me"], { permissions: ["*"], mall: {} });
  render(<QueryClientProvider client={queries}>{what}</QueryClientProvider>);
  return screen.getByRole("combobox");
}

const lists = (): URL[] => asked.filter((url) => url.pathname.endsWith("/skus"));

test("the server is asked for what is typed, and the keys choose one of thousands", async () => {
  const told = vi.fn();
  const field = shown(<Shown told={told} />);
  expect(lists()).toHaveLength(0);
  fireEvent.change(field, { target: { value: "S-431" } });
  await waitFor(() => expect(screen.getAllByRole("option")[0]?.textContent).toBe("S-4310 Good 4310"));
  expect(lists().at(-1)?.searchParams.getAll("kind")).toEqual(["code", "link"]);
  expect(screen.getByRole("status").textContent).toContain("There are more");
  fireEvent.keyDown(field, { key: "ArrowDown" });
  fireEvent.keyDown(field, { key: "ArrowDown" });
  const second = screen.getAllByRole("option")[1];
  expect(field.getAttribute("aria-activedescendant")).toBe(second?.id);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(told).toHaveBeenCalledWith("4311");
  expect(field.value).toBe("S-4311 Good 4311");
  expect(field.getAttribute("aria-expanded")).toBe("false");
});

test("what is chosen already has its name, and the list is not read for it", async () => {
  const field = shown(<Shown first="4999" />);
  await waitFor(() => expect(field.value).toBe("S-4999 Good 4999"));
  expect(lists()).toHaveLength(0);
  expect(asked).toHaveLength(1);
});

test("what is typed and not chosen is not kept, and Escape closes nothing but the list", async () => {
  const told = vi.fn();
  const around = vi.fn();
  const field = shown(
    // biome-ignore lint/a11y/noStaticElementInteractions: stands for a drawer
    <div onKeyDown={around}>
      <Shown first="7" told={told} />
    </div>,
  );
  await waitFor(() => expect(field.value).toBe("S-0007 Good 7"));
  fireEvent.change(field, { target: { value: "S-12" } });
  await screen.findByText("S-1200 Good 1200");
  fireEvent.keyDown(field, { key: "Escape" });
  expect(around).not.toHaveBeenCalled();
  expect(field.value).toBe("S-0007 Good 7");
  fireEvent.change(field, { target: { value: "S-12" } });
  fireEvent.blur(field);
  expect([field.value, told.mock.calls.length]).toEqual(["S-0007 Good 7", 0]);
  fireEvent.click(screen.getByRole("button", { name: "Clear SKU" }));
  expect(told).toHaveBeenCalledWith("");
  expect(field.value).toBe("");
});

test("a list that cannot be read says so, and is read again", async () => {
  const field = shown(<Shown />);
  down = true;
  fireEvent.click(field);
  expect(await screen.findByText("Try again")).toBeTruthy();
  down = false;
  fireEvent.click(screen.getByText("Try again"));
  expect(await screen.findByText("S-0001 Good 1")).toBeTruthy();
});
