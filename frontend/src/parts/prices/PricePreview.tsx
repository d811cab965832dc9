import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSkuName } from "@/api/names";
import { IconWarn, Money, moneyText, Part, Pending, Small } from "@/ui";

const AMOUNT = /^\d{1,12}(\.\d{1,4})?$/;
type Look = Of<"PriceLookOut">;
type Rung = Of<"EarnedOut">;

/** A margin over cost; what is sold at a loss is told by word and picture too. */
export function Margin({ of }: { of: Pick<Rung, "margin_bp" | "loss" | "below_floor"> }) {
  const { t } = useTranslation();
  if (of.margin_bp === null) return <span className="muted">{t("look.no_cost")}</span>;
  const bad = of.loss || of.below_floor;
  return (
    <span className={bad ? "tag bad" : "muted"} data-testid={of.loss ? "loss" : undefined}>
      {bad && <IconWarn aria-hidden />}
      {`${(of.margin_bp / 100).toFixed(2)} %`}
      {of.loss ? ` ${t("look.loss")}` : of.below_floor ? ` ${t("look.below_floor")}` : ""}
    </span>
  );
}

/** What would be written, beside what holds; nothing while the prices cannot be meant yet. */
export function PricePreview({
  book,
  prices,
  title,
}: {
  book: string;
  prices: Of<"PriceIn">[];
  title?: string;
}) {
  const { t } = useTranslation();
  const skuName = useSkuName();
  const whole =
    prices.length > 0 &&
    prices.every((one) => one.rungs.every((rung) => rung.minimum > 0 && AMOUNT.test(rung.unit_price.amount)));
  const look = useQuery({
    queryKey: ["pricelook", book, prices],
    enabled: whole && book !== "",
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => got(api.POST("/console/v1/prices/preview", { body: { book_id: book, prices } })),
  });
  if (!whole || !book) return null;
  if (look.error) return <Pending of={look} />;
  const rows = (look.data ?? []).flatMap((look): { look: Look; rung: Rung | null }[] =>
    look.new.length ? look.new.map((rung) => ({ look, rung })) : [{ look, rung: null }],
  );
  return (
    <Part title={title ?? t("look.title")}>
      <Small
        of={look}
        rows={rows}
        keyOf={({ look, rung }) => `${look.sku_id}.${rung?.minimum}`}
        none=""
        columns={[
          [t("f.sku"), ({ look }) => skuName(look.sku_id)],
          [t("make.minimum"), ({ rung }) => rung?.minimum ?? "–", "end"],
          [t("prices.old"), ({ look, rung }) => <Old look={look} at={rung?.minimum ?? 1} />, "end"],
          [
            t("prices.new"),
            ({ rung }) => (rung ? <Money value={rung.unit_price} unit /> : t("look.leaves")),
            "end",
          ],
          [t("f.cost"), ({ look }) => <Money value={look.cost} unit />, "end"],
          [t("look.floor"), ({ look }) => (look.cost ? moneyText(look.floor, true) : "–"), "end"],
          [t("look.margin"), ({ rung }) => rung && <Margin of={rung} />, "end"],
        ]}
      />
    </Part>
  );
}

function Old({ look, at }: { look: Look; at: number }) {
  const held = look.old?.filter((rung) => rung.minimum <= at).at(-1);
  return <Money value={held?.unit_price} unit />;
}
