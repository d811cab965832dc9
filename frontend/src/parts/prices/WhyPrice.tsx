import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useTiers } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Who } from "@/parts/Who";
import { FaultNote, Input, Money, Part, Picker, Select, Small, Time, times, useListState, Whole } from "@/ui";
import { clockOf, instantOf } from "@/ui/Time";
import "./chart.css";

/** Why somebody pays what he pays for so many pieces at an instant: step by step, so that one can do the sum. */
export function WhyPrice({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  const tiers = useTiers();
  const [search, set] = useListState();
  const who = search.why ?? "";
  const [kind, whose] = who.split(":");
  const quantity = Math.max(1, Number(search.why_n ?? 1) || 1);
  const at = search.why_at;
  const { data, error } = useQuery({
    queryKey: ["prices", "why", id, who, quantity, at],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () =>
      got(
        api.GET("/console/v1/skus/{sku_id}/why", {
          params: {
            path: { sku_id: id },
            query: {
              quantity,
              at,
              buyer_id: kind === "buyer" ? whose : undefined,
              tier_id: kind === "tier" ? whose : undefined,
            },
          },
        }),
      ),
  });
  return (
    <Part title={t("why.title")}>
      <div className="acts gap" data-testid="why">
        <label className="inline">
          {t("why.who")}{" "}
          <Select
            name="why"
            value={kind === "tier" ? who : ""}
            none={t("why.anybody")}
            choices={tiers.map((one) => ({ value: `tier:${one.id}`, label: `${t("f.tier")} · ${one.name}` }))}
            change={(value) => set({ why: value }, true)}
          />
        </label>
        <Picker
          of="buyer"
          name="why_buyer"
          label={t("f.buyer")}
          none={t("f.buyer")}
          value={kind === "buyer" ? (whose ?? "") : ""}
          change={(id) => set({ why: id && `buyer:${id}` }, true)}
        />
        <label className="inline">
          {t("why.pieces")}{" "}
          <Whole
            name="why_n"
            className="short"
            min={1}
            value={quantity}
            change={(n) => set({ why_n: n && n > 1 ? String(n) : undefined }, true)}
          />
        </label>
        <label className="inline">
          {t("why.at")}{" "}
          <Input
            type="datetime-local"
            name="why_at"
            value={at ? clockOf(at, zone) : ""}
            onChange={(event) =>
              set({ why_at: event.target.value ? instantOf(event.target.value, zone) : undefined }, true)
            }
          />
        </label>
      </div>
      <FaultNote error={error} />
      {data && !error && (
        <ol className="why" data-testid="why-steps">
          <li>
            {t("why.asked")}
            <Small<Of<"AskedOut">>
              rows={data.asked ?? []}
              keyOf={(one) => one.book_id}
              none=""
              columns={[
                [t("f.book"), (one) => `${one.book_name} · ${word("book", one.book_kind)}`],
                [t("why.said"), (one) => word("price_said", one.said)],
                [t("f.ladder"), (one) => <Rungs rungs={one.rungs} />],
                [t("f.valid_from"), (one) => <Time at={one.valid_from} />],
              ]}
            />
          </li>
          <li>
            {t("why.rung", { quantity: data.quantity, minimum: data.rung_minimum })}{" "}
            <strong data-testid="why-price">
              <Money value={data.unit_price} unit />
            </strong>
          </li>
          <li>
            <Money value={data.unit_price} unit /> × {(data.quantity ?? 1).toLocaleString()} ={" "}
            <strong data-testid="why-total">
              <Money value={times(data.unit_price, data.quantity ?? 1)} />
            </strong>
          </li>
          <li>
            {t("why.set")} <Who by={data.entry.author} />, <Time at={data.entry.at} />
            {data.entry.reason && `: ${data.entry.reason}`} ({word("change", data.entry.change_kind)})
          </li>
        </ol>
      )}
    </Part>
  );
}

export function Rungs({ rungs }: { rungs: Of<"Rung">[] }) {
  return rungs.map((rung) => (
    <span key={rung.minimum} className="rung">
      {`≥${rung.minimum}`} <Money value={rung.unit_price} unit />
    </span>
  ));
}
