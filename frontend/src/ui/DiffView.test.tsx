import { render, screen } from "@testing-library/react";
import i18next from "i18next";
import { I18nextProvider, initReactI18next } from "react-i18next";
import { beforeAll, describe, expect, it } from "vitest";
import en from "@/i18n/en.json";
import { DiffView } from "./DiffView";
import { EmptyState } from "./EmptyState";

beforeAll(async () => {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en", showSupportNotice: false, resources: { en: { translation: en } } });
});

describe("what a deed changed", () => {
  it("names fields that differ, and no others", () => {
    render(
      <I18nextProvider i18n={i18next}>
        <DiffView before={{ name: "A", same: 1 }} after={{ name: "B", same: 1, added: [1] }} />
      </I18nextProvider>,
    );
    const shown = screen.getByTestId("diff").textContent;
    expect(shown).toContain("nameAB");
    expect(shown).toContain("added–[1]");
    expect(shown).not.toContain("same");
  });
});

describe("texts of others", () => {
  it("are text", () => {
    const { container } = render(<EmptyState title="<b>x</b>" />);
    expect(container.querySelector("b")).toBeNull();
    expect(container.textContent).toContain("<b>x</b>");
  });
});
