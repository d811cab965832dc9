import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Fault, Offline, type Problem } from "@/api/errors";
import { speak } from "@/i18n";
import { useAct } from "./act";
import { AskButton } from "./Confirm";
import { App, Button } from "./kit";

const refusal = (fields?: Problem["fields"]): Fault =>
  new Fault(
    422,
    {
      title: "Not like this",
      title_zh: "-",
      status: 422,
      code: "invalid_request",
      retryable: false,
      outcome: "failed",
      request_id: "r-1",
      fields,
    },
    "",
  );

function Page({ deed }: { deed: (reason: string) => Promise<unknown> }) {
  const act = useAct(deed);
  return (
    <>
      <AskButton label="Freeze" reason="may" run={(reason) => act.mutateAsync(reason)} />
      <Button data-testid="plain" onClick={() => act.mutate("")}>
        Plain
      </Button>
    </>
  );
}

function show(deed: (reason: string) => Promise<unknown>): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <Page deed={deed} />
      </App>
    </QueryClientProvider>,
  );
}
const ask = () => fireEvent.click(screen.getByRole("button", { name: "Freeze" }));
const box = () => screen.getByRole("textbox") as HTMLTextAreaElement;
const confirm = () => fireEvent.click(screen.getByTestId("confirm"));
const dialogs = () => document.querySelectorAll("[role=dialog]").length;
const settle = () => new Promise((done) => setTimeout(done, 20));

beforeAll(() => speak("en"));
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

describe("an act that was asked about", () => {
  it("shows its refusal in its own dialog, and in no second one, and keeps what was written", async () => {
    show(() => Promise.reject(refusal()));
    ask();
    fireEvent.change(box(), { target: { value: "why" } });
    confirm();
    await screen.findByText("Not like this");
    await settle();
    expect(dialogs()).toBe(1);
    expect(screen.getAllByText("Not like this")).toHaveLength(1);
    expect(box().value).toBe("why");
    expect(box().getAttribute("aria-invalid")).toBe("false");
  });

  it.each(["reason", "comment", "body.note", "memo", "words"])(
    "says at its text what is wrong with %s",
    async (path) => {
      show(() => Promise.reject(refusal([{ path, message: "too short" }])));
      ask();
      confirm();
      const said = await screen.findByText(/too short/);
      expect(box().getAttribute("aria-invalid")).toBe("true");
      expect(box().getAttribute("aria-describedby")).toBe(said.id);
      expect(screen.queryByText("Not like this")).toBeNull();
    },
  );

  it("says above it what is about something else", async () => {
    show(() =>
      Promise.reject(
        refusal([
          { path: "reason", message: "too short" },
          { path: "until", message: "is over" },
        ]),
      ),
    );
    ask();
    confirm();
    expect((await screen.findByText("Not like this")).closest(".fault")?.textContent).toContain("is over");
    expect(document.querySelector(".fault")?.textContent).not.toContain("too short");
    expect(box().getAttribute("aria-invalid")).toBe("true");
  });

  it("is gone through again after the connection was lost, and then closes", async () => {
    const deed = vi.fn().mockRejectedValueOnce(new Offline()).mockResolvedValueOnce({});
    show(deed);
    ask();
    fireEvent.change(box(), { target: { value: "why" } });
    confirm();
    await screen.findByRole("alert");
    confirm();
    await waitFor(() => expect(deed).toHaveBeenCalledTimes(2));
    expect(deed.mock.calls.map((call) => call[0])).toEqual(["why", "why"]);
    await waitFor(() => expect(document.querySelector(".fault")).toBeNull());
  });
});

it("an act of a plain button has a dialog for its refusal", async () => {
  show(() => Promise.reject(refusal()));
  fireEvent.click(screen.getByTestId("plain"));
  await screen.findByText("Not like this");
  expect(dialogs()).toBe(1);
});
