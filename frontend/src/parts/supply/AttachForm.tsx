import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { lookFor, useLabel, useSku } from "@/api/names";
import { KINDS } from "@/parts/goods/kinds";
import { Pending } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";

interface Props {
  connection: Of<"ConnectionOut">;
  /** As the supplier lists it; of people, one tells it oneself. */
  good?: Of<"GoodOut">;
  people?: boolean;
}

const TOPUPS = ["topup", "membership"];

/** Lets a SKU be bought as a supplier's article. */
export function AttachForm({ connection, good, people }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  const sku = useSku(good ? undefined : chosen || undefined);
  const fits = KINDS.filter(
    (kind) =>
      !["bundle", "shared_code"].includes(kind) &&
      (!good || TOPUPS.includes(kind) === (good.kind === "topup")),
  );
  const topup = (v: Values): boolean =>
    good ? good.kind === "topup" : v.sku_id === chosen && TOPUPS.includes(sku?.kind ?? "");
  const fields: Field[] = [
    {
      kind: "pick",
      of: "sku",
      where: { kind: fits },
      name: "sku_id",
      label: t("f.sku"),
      must: true,
    },
    ...(people
      ? ([
          { kind: "text", name: "good_id", label: t("f.article"), must: true, most: 120 },
          {
            kind: "money",
            name: "unit_cost",
            label: t("f.unit_cost"),
            must: true,
            currency: connection.currency,
            half: true,
          },
          {
            kind: "whole",
            name: "stock",
            label: t("f.stock"),
            must: true,
            least: 0,
            most: 1_000_000,
            half: true,
          },
        ] as Field[])
      : []),
    {
      kind: "whole",
      name: "weight",
      label: t("supply.weight"),
      hint: t("supply.weight_hint"),
      least: 0,
      most: 10_000,
      half: true,
    },
    {
      kind: "whole",
      name: "warranty_hours",
      label: t("attach.warranty"),
      least: 0,
      most: 87_600,
      half: true,
    },
    {
      kind: "percent",
      slide: true,
      name: "canary_bp",
      label: t("supply.canary_share"),
      hint: t("supply.canary_hint"),
    },
    {
      kind: "rows",
      name: "map",
      label: t("attach.map"),
      hint: t("attach.map_hint"),
      add: t("attach.add_map"),
      blank: { ours: "", theirs: "" },
      also: ["field_map"],
      when: topup,
      of: [
        { kind: "text", name: "ours", label: t("attach.ours"), must: true, code: true, half: true },
        { kind: "text", name: "theirs", label: t("attach.theirs"), must: true, code: true, half: true },
      ],
    },
  ];
  return (
    <FormButton
      name={`attach-${connection.id}-${good?.id ?? ""}`}
      label={t("attach.do")}
      title={good ? t("attach.title", { name: good.name }) : t("attach.do")}
      touched={["connections", "offers"]}
      fields={fields}
      first={{
        sku_id: "",
        good_id: "",
        unit_cost: "",
        stock: null,
        weight: 100,
        warranty_hours: 0,
        canary_bp: 0,
        map: [],
      }}
      codes={{ kind_mismatch: "sku_id" }}
      send={(sent) => {
        const { map, ...rest } = sent as Values & { map?: { ours: string; theirs: string }[] };
        const field_map = Object.fromEntries((map ?? []).map((one) => [one.ours, one.theirs]));
        const body = { good_id: good?.id, ...rest, connection_id: connection.id, field_map };
        return got(api.POST("/console/v1/offers", { body: body as unknown as Of<"OfferIn"> }));
      }}
    >
      {(values, set) => (
        <Beside
          good={good}
          fits={fits}
          chosen={String(values.sku_id)}
          choose={setChosen}
          take={(sku_id) => set({ sku_id })}
        />
      )}
    </FormButton>
  );
}

interface BesideProps {
  good: Of<"GoodOut"> | undefined;
  fits: readonly string[];
  chosen: string;
  choose: (sku: string) => void;
  take: (sku: string) => void;
}

/** The same number or the same name as his is most likely the same thing: it is taken, until somebody chooses. */
function Beside({ good, fits, chosen, choose, take }: BesideProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const taken = useRef(false);
  const found = useQuery({
    queryKey: ["names", "like", good?.id, good?.name],
    enabled: !!good,
    queryFn: async () => {
      const asked = [good?.id, good?.name].map((q) => lookFor("sku", (q ?? "").slice(0, 80), { kind: fits }));
      const all = (await Promise.all(asked)).flatMap((page) => page.items);
      const same = all.find(
        (one) => one.code === good?.id || one.name === good?.name || one.name_en === good?.name,
      );
      return same ?? null;
    },
  });
  const like = found.data;
  useEffect(() => choose(chosen), [choose, chosen]);
  useEffect(() => {
    if (!like || taken.current) return;
    taken.current = true;
    if (!chosen) take(like.id);
  }, [like, chosen, take]);
  if (found.error) return <Pending of={found} />;
  return like && like.id === chosen ? <p className="muted">{`${label(like)}: ${t("attach.like")}`}</p> : null;
}
