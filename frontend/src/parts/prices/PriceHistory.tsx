import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useBooks } from "@/api/names";
import { useMay } from "@/api/session";
import { Who } from "@/parts/Who";
import { Button, FaultNote, Money, Part, Select, Small, Time, useListState } from "@/ui";
import { course, moves } from "./course";
import { PriceForm } from "./PriceForm";
import { StepChart } from "./StepChart";
import { Rungs } from "./WhyPrice";

const SIZE = 50;
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** Every price that a SKU ever had, with who set it; and how it went in one book. */
export function PriceHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  const books = useBooks();
  const [search, set] = useListState();
  const chosen = search.price_book;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["prices", "history", id, chosen],
    queryFn: ({ pageParam }) =>
      got(
        api.GET("/console/v1/skus/{sku_id}/prices", {
          params: { path: { sku_id: id }, query: { size: SIZE, cursor: pageParam, book_id: chosen } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const cost = useCost(id);
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  const drawn = chosen ?? rows[0]?.book_id;
  const of = rows.filter((one) => one.book_id === drawn);
  const steps = course(of);
  const told = moves(steps);
  const currency = books.find((one) => one.id === drawn)?.currency ?? "";
  const name = of[0]?.book_name ?? "";
  return (
    <Part title={t("goods.prices")} actions={<PriceForm sku={id} />}>
      <div className="acts gap">
        <label className="inline">
          {t("f.book")}{" "}
          <Select
            name="price_book"
            value={chosen ?? ""}
            none={t("history.all")}
            choices={books.map((one) => ({ value: one.id, label: one.name }))}
            change={(value) => set({ price_book: value || undefined }, true)}
          />
        </label>
      </div>
      <FaultNote error={error} retry={() => void refetch()} />
      {steps.length > 0 && currency && (
        <>
          <StepChart
            steps={steps}
            currency={currency}
            cost={cost?.currency === currency ? Number(cost.amount) : undefined}
            label={t("history.chart", { name, count: of.length })}
          />
          <p className="muted" data-testid="volatility">
            {t("history.drawn", { name })}{" "}
            {cost?.currency === currency && (
              <>
                {t("history.cost")} <Money value={cost} unit />.{" "}
              </>
            )}
            {told.count > 0 &&
              t("history.volatility", {
                count: told.count,
                deviation: percent(told.deviation),
                farthest: percent(told.farthest),
              })}
          </p>
        </>
      )}
      <div data-testid="price-history">
        <Small
          rows={rows}
          keyOf={(one) => one.id}
          none={data ? t("goods.no_prices") : ""}
          columns={[
            [t("f.book"), (one) => one.book_name],
            [t("f.ladder"), (one) => (one.rungs.length ? <Rungs rungs={one.rungs} /> : t("approvals.goes"))],
            [t("f.valid_from"), (one) => <Time at={one.valid_from} />],
            [t("f.author"), (one) => <Who by={one.author} />],
            [t("f.reason"), (one) => one.reason || "–"],
          ]}
        />
      </div>
      {hasNextPage && (
        <Button data-testid="older" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("history.older")}
        </Button>
      )}
    </Part>
  );
}

/** What a piece costs the mall today. */
function useCost(id: string) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["pricematrix", "cost", id],
    enabled: may("pricing.read"),
    queryFn: () => got(api.GET("/console/v1/price-matrix", { params: { query: { sku_id: [id] } } })),
  });
  return data?.rows[0]?.cost;
}
