import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Button, FaultNote, Input, Money, Part, Small } from "@/ui";
import { SkuForm } from "../goods/SkuForm";
import { AttachForm } from "./AttachForm";

type Good = Of<"GoodOut">;

/** A supplier's catalogue as he tells it now: found, attached to a SKU of ours, or made into a new one. */
export function SupplierGoods({
  connection,
  attached,
}: {
  connection: Of<"ConnectionOut">;
  attached: Of<"OfferOut">[];
}) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const skuName = useSkuName();
  const [asked, setAsked] = useState(false);
  const [find, setFind] = useState("");
  const goods = useInfiniteQuery({
    queryKey: ["connections", "goods", connection.id],
    enabled: asked,
    retry: false,
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      got(
        api.GET("/console/v1/connections/{connection_id}/goods", {
          params: { path: { connection_id: connection.id }, query: { begin: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const all = goods.data?.pages.flatMap((page) => page.items) ?? [];
  const wanted = find.trim().toLowerCase();
  const rows = all.filter((good) => `${good.id} ${good.name}`.toLowerCase().includes(wanted));
  const ours = (good: Good): string =>
    attached
      .filter((offer) => offer.good_id === good.id)
      .map((offer) => skuName(offer.sku_id))
      .join(", ");
  return (
    <Part
      title={t("attach.goods")}
      actions={
        <Button
          data-testid="browse"
          loading={goods.isFetching}
          onClick={() => (asked ? void goods.refetch() : setAsked(true))}
        >
          {asked ? t("attach.again") : t("attach.browse")}
        </Button>
      }
    >
      <FaultNote error={goods.error} retry={() => void goods.refetch()} />
      {!asked && <p className="muted">{t("attach.browse_text")}</p>}
      {goods.data && (
        <>
          <Input
            type="search"
            className="gap"
            aria-label={t("attach.find")}
            placeholder={t("attach.find")}
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
          <Small<Good>
            rows={rows}
            keyOf={(good) => good.id}
            none={t("attach.none")}
            columns={[
              [
                t("f.article"),
                (good) => (
                  <span className="two">
                    {`${good.id} ${good.name}`}
                    <small className="muted">{word("goodkind", good.kind)}</small>
                  </span>
                ),
              ],
              [t("f.cost"), (good) => <Money value={good.price} unit />, "end"],
              [t("f.stock"), (good) => good.stock ?? "–", "end"],
              [t("attach.attached"), (good) => <span className="two">{ours(good) || "–"}</span>],
              [
                "",
                (good) =>
                  may("supply.write") && (
                    <span className="acts nowrap">
                      <AttachForm connection={connection} good={good} />
                      <SkuForm like={{ id: good.id, name: good.name, kind: good.kind }} />
                    </span>
                  ),
              ],
            ]}
          />
          {goods.hasNextPage && (
            <Button loading={goods.isFetchingNextPage} onClick={() => void goods.fetchNextPage()}>
              {t("attach.more", { count: all.length })}
            </Button>
          )}
        </>
      )}
    </Part>
  );
}
