import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Fault, type Problem } from "@/api/errors";
import { speak } from "@/i18n";
import { recall } from "./draft";
import { Form, type FormProps } from "./Form";
import type { Field } from "./fields";

const FIELDS: Field[] = [
  { kind: "text", name: "name", label: "Name", must: true },
  { kind: "text", name: "note", label: "Note" },
  { kind: "text", name: "secret", label: "Key", secret: true },
];
const PLACE = { zone: "Asia/Shanghai", today: "2026-11-27" };

const refusal = (status: number, code: string, fields?: Problem["fields"]): Fault =>
  new Fault(
    status,
    {
      title: `said ${code}`,
      title_zh: "-",
      status,
      code,
      retryable: false,
      outcome: "failed",
      request_id: "r-1",
      fields,
    },
    "",
  );

function show(props: Partial<FormProps<unknown>> = {}) {
  const done = vi.fn();
  const send = vi.fn().mockResolvedValue({});
  const all = {
    fields: FIELDS,
    first: { name: "A", note: "", secret: "" },
    send,
    done,
    submit: "Save",
    place: PLACE,
    ...props,
  };
  return { ...render(<Form {...all} />), done, send: all.send as typeof send };
}
const field = (name: string) => screen.getByLabelText(new RegExp(name)) as HTMLInputElement;
const write = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const save = () => fireEvent.click(screen.getByTestId("save"));

beforeAll(() => speak("en"));
beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("a form", () => {
  it("sends nothing that is lacking, and says where", async () => {
    const { send } = show();
    write("Name", " ");
    save();
    expect(await screen.findByText("Required")).toBeTruthy();
    expect(field("Name").getAttribute("aria-invalid")).toBe("true");
    expect(send).not.toHaveBeenCalled();
  });

  it("puts the server's reason at its field, keeps what was written, and forgets it as soon as that is changed", async () => {
    const { send, done } = show({ codes: { name_taken: "name" } });
    send.mockRejectedValueOnce(refusal(422, "invalid_request", [{ path: "note", message: "too long" }]));
    write("Note", "long");
    save();
    const said = await screen.findByText("too long");
    expect(field("Note").getAttribute("aria-describedby")).toBe(said.id);
    expect(field("Note").value).toBe("long");
    write("Note", "short");
    expect(screen.queryByText("too long")).toBeNull();
    send.mockRejectedValueOnce(refusal(409, "name_taken"));
    save();
    await screen.findByText("said name_taken", { selector: ".wrong" });
    expect(done).not.toHaveBeenCalled();
  });

  it("is sent once however often it is asked to, and again with the same key after no answer came", async () => {
    let fail: (reason: unknown) => void = () => undefined;
    const { send } = show();
    send.mockReturnValueOnce(
      new Promise((_, reject) => {
        fail = reject;
      }),
    );
    save();
    save();
    expect(send).toHaveBeenCalledTimes(1);
    fail(new Fault(503, undefined, ""));
    await screen.findByRole("alert");
    await waitFor(() => expect(screen.getByTestId("save").className).not.toContain("ant-btn-loading"));
    save();
    await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
    const keys = send.mock.calls.map((call) => call[1].key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("keeps a draft without secrets until it is sent, and brings it back", async () => {
    const first = show({ draft: "d" });
    write("Note", "half a thought");
    write("Key", "hunter2");
    expect(localStorage.getItem("d")).not.toContain("hunter2");
    first.unmount();
    const { done } = show({ draft: "d" });
    expect(screen.getByTestId("draft")).toBeTruthy();
    expect(field("Note").value).toBe("half a thought");
    expect(field("Key").value).toBe("");
    save();
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(recall("d")).toBeUndefined();
  });

  it("discards a draft when told to, and one that is a week old by itself", () => {
    show({ draft: "d" });
    write("Note", "x");
    cleanup();
    show({ draft: "d" });
    fireEvent.click(screen.getByText("Discard the draft"));
    expect(field("Note").value).toBe("");
    expect(recall("d")).toBeUndefined();
    cleanup();
    localStorage.setItem(
      "d",
      JSON.stringify({ at: Date.now() - 8 * 86_400_000, values: { note: "old" }, base: {} }),
    );
    show({ draft: "d" });
    expect(field("Note").value).toBe("");
  });
});

describe("somebody else who saved meanwhile", () => {
  const theirs = { name: "B", note: "theirs", secret: "" };

  it("is shown, and what both changed is chosen before it is sent with the new version", async () => {
    const fresh = vi.fn().mockResolvedValue({ values: theirs, version: 2 });
    const { send } = show({ version: 1, fresh });
    send.mockRejectedValueOnce(refusal(409, "conflict"));
    write("Note", "mine");
    save();
    const conflict = await screen.findByTestId("conflict");
    expect(conflict.textContent).toContain("theirs");
    expect(conflict.textContent).toContain("mine");
    expect((screen.getByTestId("save") as HTMLButtonElement).disabled).toBe(true);
    fireEvent.click(screen.getByTestId("theirs-note"));
    fireEvent.click(screen.getByTestId("conflict-go"));
    expect([field("Name").value, field("Note").value]).toEqual(["B", "theirs"]);
    save();
    await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
    expect(send.mock.calls[1]?.[1].version).toBe(2);
  });

  it("does not overwrite a choice to keep one's own", async () => {
    const { send } = show({ version: 1, fresh: () => Promise.resolve({ values: theirs, version: 2 }) });
    send.mockRejectedValueOnce(refusal(409, "conflict"));
    write("Note", "mine");
    save();
    fireEvent.click(await screen.findByTestId("conflict-go"));
    expect(field("Note").value).toBe("mine");
  });

  it("is noticed when a draft comes back, too", async () => {
    const { unmount } = show({ version: 1, draft: "d" });
    write("Note", "mine");
    unmount();
    show({ version: 2, draft: "d", first: theirs });
    expect(screen.getByTestId("conflict").textContent).toContain("theirs");
  });

  it("is no conflict when the refusal was another", async () => {
    const { send } = show({ version: 1, fresh: () => Promise.resolve({ values: theirs, version: 1 }) });
    send.mockRejectedValueOnce(refusal(409, "code_taken"));
    save();
    await screen.findByText("code_taken");
    expect(screen.queryByTestId("conflict")).toBeNull();
  });
});
