import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Money as Amount } from "@/api/client";
import type { Page } from "./DataTable";
import { Button } from "./kit";
import type { Search } from "./list";
import { Money } from "./Money";

export interface Totals {
  total: number;
  sums?: Record<string, Amount | Amount[]>;
}

interface Props<Row> {
  id: string;
  page: Page<Row> | undefined;
  search: Search;
  set: (change: Search) => void;
  totals?: (search: Search) => Promise<Totals | null>;
}

/** How many rows there are, what they come to, and the way to the next. */
export function TableFoot<Row>({ id, page, search, set, totals }: Props<Row>) {
  const { t } = useTranslation();
  const { cursor, sort, ...filter } = search;
  const { data } = useQuery({
    queryKey: [id, "totals", filter],
    queryFn: () => totals?.(filter) ?? null,
    enabled: !!totals && !!page,
  });
  if (!page || (page.items.length === 0 && !cursor)) return null;
  const here = page.items.length;
  const count = data
    ? t("table.total", { count: data.total })
    : !page.next && !cursor
      ? t("table.total", { count: here })
      : page.total_estimate
        ? t("table.about", { count: page.total_estimate })
        : t("table.here", { count: here });
  return (
    <footer className="foot">
      <span data-testid="total">{count}</span>
      {Object.entries(data?.sums ?? {}).map(([name, sum]) => (
        <span key={name}>
          {String(t([`f.${name}`, `enum.sum.${name}`] as never, { defaultValue: name }))}{" "}
          {[sum].flat().map((one) => (
            <Money key={one.currency} value={one} />
          ))}
        </span>
      ))}
      <span className="pages">
        {cursor && <Button onClick={() => set({ cursor: undefined })}>{t("table.first")}</Button>}
        {page.next && (
          <Button data-testid="next" onClick={() => set({ cursor: page.next ?? undefined })}>
            {t("table.next")}
          </Button>
        )}
      </span>
    </footer>
  );
}
