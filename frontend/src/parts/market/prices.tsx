import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useDesk } from "@/api/desk";
import { useWord } from "@/i18n";
import { type Column, Money } from "@/ui";

export type Priced = Pick<Of<"MyGoodOut">, "unit_price" | "suggested" | "profit" | "prices" | "tax_category">;
type Some = Partial<Priced> & Pick<Priced, "unit_price">;

interface Price {
  id: string;
  title: string;
  cell: (good: Some) => ReactNode;
}

const FIRST = ["cost", "suggested", "profit"];

/** Everything that is said of a price, what one's line of business shows first before all else. */
function useAll(): { shown: Price[]; rest: Price[] } {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const first = useDesk()?.prices ?? FIRST;
  // A tenth is one in Chinese; what is taken off is said in English.
  const off = (part: number): string =>
    i18n.language.startsWith("zh") ? (part * 10).toFixed(2) : (100 - part * 100).toFixed(1);
  const all: Price[] = [
    { id: "face", title: t("own.f.face"), cell: (g) => <Money value={g.suggested} /> },
    {
      id: "discount",
      title: t("own.f.discount"),
      cell: (g) =>
        g.suggested && Number(g.suggested.amount) > 0
          ? t("own.f.off", { off: off(Number(g.unit_price.amount) / Number(g.suggested.amount)) })
          : "–",
    },
    { id: "cost", title: t("own.f.cost"), cell: (g) => <Money value={g.unit_price} unit /> },
    { id: "suggested", title: t("own.f.suggested"), cell: (g) => <Money value={g.suggested} /> },
    { id: "profit", title: t("own.f.profit"), cell: (g) => <Money value={g.profit} unit /> },
    { id: "best", title: t("own.f.best"), cell: (g) => <Best prices={g.prices} /> },
    { id: "tax", title: t("f.tax"), cell: (g) => word("tax", g.tax_category) },
  ];
  const shown = first.flatMap((id) => all.filter((one) => one.id === id));
  return { shown, rest: all.filter((one) => !shown.includes(one)) };
}

/** Those that come first. */
export function usePrices(): Price[] {
  return useAll().shown;
}

/** As columns; the others can be chosen. */
export function usePriceColumns<Row extends Some>(): Column<Row>[] {
  const { shown, rest } = useAll();
  return [
    ...shown.map((one) => ({ ...one, end: one.id !== "tax" })),
    ...rest.map((one) => ({ ...one, end: one.id !== "tax", hidden: true })),
  ];
}

/** What a piece costs at most pieces. */
function Best({ prices }: { prices?: Priced["prices"] }) {
  const { t } = useTranslation();
  const last = prices?.at(-1);
  if (!last) return "–";
  return (
    <>
      <Money value={last.unit_price} unit />{" "}
      <small className="muted">{t("own.f.at_least", { count: last.minimum })}</small>
    </>
  );
}
