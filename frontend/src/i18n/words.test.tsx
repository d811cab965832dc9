import { act, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { learn, speak, useWord } from "@/i18n";

function Shown() {
  return <b>{useWord()("action", "key.issue")}</b>;
}

test("words that come later are shown by what stands there already", async () => {
  await speak("en");
  render(<Shown />);
  expect(screen.getByText("key.issue")).toBeTruthy();
  act(() => learn([["action.key.issue", { zh: "发放密钥", en: "Key issued" }]]));
  expect(screen.getByText("Key issued")).toBeTruthy();
  await act(() => speak("zh-CN"));
  expect(screen.getByText("发放密钥")).toBeTruthy();
});
