import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { speak } from "@/i18n";
import { Select } from "./fields";
import { Small } from "./Screen";

const once = () => {
  let calls = 0;
  return async (): Promise<string[]> => {
    calls += 1;
    if (calls === 1) throw new Error("not now");
    return ["one"];
  };
};

const Shown = ({ read }: { read: () => Promise<string[]> }) => {
  const query = useQuery({ queryKey: ["rows"], queryFn: read });
  return (
    <Small
      of={query}
      rows={query.data ?? []}
      keyOf={(row) => row}
      none="there is none"
      columns={[["name", (row) => row]]}
    />
  );
};

const Chosen = ({ read }: { read: () => Promise<string[]> }) => {
  const query = useQuery({ queryKey: ["names", "things"], queryFn: read });
  return (
    <Select
      aria-label="thing"
      change={() => undefined}
      choices={(query.data ?? []).map((value) => ({ value, label: value }))}
    />
  );
};

const inside = (what: React.ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      {what}
    </QueryClientProvider>,
  );

test("a table whose rows could not be read never says that there is none", async () => {
  await speak("en");
  inside(<Shown read={once()} />);
  expect(screen.queryByText("there is none")).toBeNull();
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(screen.queryByText("there is none")).toBeNull();
  fireEvent.click(screen.getByText("Try again"));
  expect(await screen.findByText("one")).toBeTruthy();
});

test("a select whose choices could not be read says so, and reads them again", async () => {
  await speak("en");
  inside(<Chosen read={once()} />);
  expect((await screen.findByTestId("unread")).textContent).toContain("Choices not loaded");
  fireEvent.click(screen.getByText("Try again"));
  expect(await screen.findByText("one")).toBeTruthy();
  expect(screen.queryByTestId("unread")).toBeNull();
});
