import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useTiers } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useBusiness } from "@/parts/Business";
import { useListState } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";

const TOUCHED = ["buyers", "names"];

/** A new buyer with his account, and a credit line where he shall have one. He opens when he is there. */
export function BuyerForm() {
  const { t } = useTranslation();
  const may = useMay();
  const { currency } = useMe().mall;
  const [, set] = useListState();
  const tiers = useTiers();
  const business = useBusiness(t("buyer.business_hint"));
  if (!may("partners.write")) return null;
  const credit = (v: Values): boolean => v.has_credit === true;
  const fields: Field[] = [
    { kind: "text", name: "name", label: t("f.name"), must: true, most: 200 },
    {
      kind: "choice",
      name: "tier_id",
      label: t("f.tier"),
      half: true,
      nothing: t("buyer.no_tier"),
      choices: tiers.map((one) => ({ value: one.id, label: one.name })),
    },
    {
      kind: "pick",
      name: "parent_id",
      label: t("buyer.parent"),
      half: true,
      nothing: t("buyer.no_parent"),
      of: "buyer",
    },
    business,
    { kind: "long", name: "notes", label: t("f.notes"), most: 4000 },
    ...(may("ledger.write")
      ? ([
          { kind: "yes", name: "has_credit", label: t("buyer.has_credit") },
          {
            kind: "money",
            name: "limit",
            label: t("buyer.limit"),
            must: true,
            currency,
            when: credit,
            also: ["credit"],
          },
          {
            kind: "whole",
            name: "terms_days",
            label: t("buyer.terms"),
            must: true,
            least: 0,
            most: 365,
            unit: t("make.days"),
            half: true,
            when: credit,
          },
          {
            kind: "whole",
            name: "grace_days",
            label: t("buyer.grace"),
            least: 0,
            most: 90,
            unit: t("make.days"),
            half: true,
            when: credit,
          },
        ] as Field[])
      : []),
  ];
  return (
    <FormButton<Of<"BuyerMade">>
      name="buyer"
      label={t("buyer.new")}
      primary
      touched={TOUCHED}
      fields={fields}
      first={{
        name: "",
        tier_id: "",
        parent_id: "",
        business: "general",
        notes: "",
        has_credit: false,
        limit: "",
        terms_days: 30,
        grace_days: 0,
      }}
      send={(sent) => {
        const { has_credit, limit, terms_days, grace_days, ...rest } = sent;
        const body = has_credit ? { ...rest, credit: { limit, terms_days, grace_days } } : rest;
        return got(api.POST("/console/v1/buyers", { body: body as unknown as Of<"BuyerIn"> }));
      }}
      done={(made) => set({ form: undefined, open: made.id })}
    />
  );
}

export function BuyerEdit({ buyer }: { buyer: Of<"BuyerOut"> }) {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  const params = { path: { buyer_id: buyer.id } };
  const tiers = useTiers();
  const business = useBusiness(t("buyer.business_hint"));
  const values = (now: Of<"BuyerOut">): Values => ({
    name: now.name,
    low_balance: now.low_balance ?? "",
    business: now.business,
    notes: now.notes,
  });
  return (
    <>
      <FormButton
        name={`buyer-${buyer.id}`}
        label={t("make.edit")}
        touched={TOUCHED}
        fields={[
          { kind: "text", name: "name", label: t("f.name"), must: true, most: 200 },
          {
            kind: "money",
            name: "low_balance",
            label: t("f.low_balance"),
            bare: true,
            currency,
            none: null,
            hint: t("buyer.low_hint"),
          },
          business,
          { kind: "long", name: "notes", label: t("f.notes"), most: 4000, none: "" },
        ]}
        first={values(buyer)}
        version={buyer.version}
        fresh={async () => {
          const now = await got(api.GET("/console/v1/buyers/{buyer_id}", { params }));
          return { values: values(now), version: now.version };
        }}
        send={(sent, { version }) =>
          got(api.PATCH("/console/v1/buyers/{buyer_id}", { params, body: { ...sent, version } }))
        }
      />
      <FormButton
        name={`tier-of-${buyer.id}`}
        label={t("buyer.tier")}
        touched={TOUCHED}
        fields={[
          {
            kind: "choice",
            name: "tier_id",
            label: t("f.tier"),
            none: null,
            nothing: t("buyer.no_tier"),
            choices: tiers.map((one) => ({ value: one.id, label: one.name })),
          },
        ]}
        first={{ tier_id: buyer.tier_id ?? "" }}
        send={(sent) =>
          got(
            api.PUT("/console/v1/buyers/{buyer_id}/tier", {
              params,
              body: sent as unknown as Of<"TierOfIn">,
            }),
          )
        }
      />
    </>
  );
}

/** Prices by group: a tier has a book of its own. */
export function TierForm({ tier }: { tier?: Of<"TierOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  if (!may("partners.write")) return null;
  return (
    <FormButton
      name={tier ? `tier-${tier.id}` : "tier"}
      label={tier ? t("make.edit") : t("buyer.new_tier")}
      touched={["names", "tiers"]}
      fields={[
        { kind: "text", name: "name", label: t("f.name"), must: true, most: 80 },
        {
          kind: "whole",
          name: "rank",
          label: t("buyer.rank"),
          hint: t("buyer.rank_hint"),
          least: -32768,
          most: 32767,
        },
      ]}
      first={{ name: tier?.name ?? "", rank: tier?.rank ?? 0 }}
      codes={{ tier_name_taken: "name" }}
      send={(sent) => {
        const body = sent as unknown as Of<"TierIn">;
        return tier
          ? got(api.PUT("/console/v1/tiers/{tier_id}", { params: { path: { tier_id: tier.id } }, body }))
          : got(api.POST("/console/v1/tiers", { body }));
      }}
    />
  );
}
