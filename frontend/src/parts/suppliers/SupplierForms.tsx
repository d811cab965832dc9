import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useListState } from "@/ui";
import { FormButton, type Values } from "@/ui/form";

const TOUCHED = ["suppliers", "names"];

export function SupplierForm({ supplier }: { supplier?: Of<"SupplierOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const [, set] = useListState();
  if (!may("partners.write")) return null;
  const path = { supplier_id: supplier?.id ?? "" };
  return (
    <FormButton<Of<"SupplierOut">>
      name={supplier ? `supplier-${supplier.id}` : "supplier"}
      label={supplier ? t("make.edit") : t("supplier.new")}
      primary={!supplier}
      touched={TOUCHED}
      fields={[
        { kind: "text", name: "name", label: t("f.name"), must: true, most: 200 },
        {
          kind: "whole",
          name: "settlement_days",
          label: t("f.settlement_days"),
          hint: t("supplier.days_hint"),
          least: 0,
          most: 180,
          unit: t("make.days"),
        },
      ]}
      first={{ name: supplier?.name ?? "", settlement_days: supplier?.settlement_days ?? 0 }}
      send={(sent) =>
        supplier
          ? got(api.PATCH("/console/v1/suppliers/{supplier_id}", { params: { path }, body: sent }))
          : got(api.POST("/console/v1/suppliers", { body: sent as unknown as Of<"SupplierIn"> }))
      }
      done={(made) => !supplier && set({ form: undefined, tab: undefined, open: made.id })}
    />
  );
}

/** Who it is in law. Owners are written and never shown again. */
export function CompanyForm({ id, company }: { id: string; company: Of<"CompanyOut"> | undefined }) {
  const { t } = useTranslation();
  const values = (now: Of<"CompanyOut"> | undefined): Values => ({
    legal_name: now?.legal_name ?? "",
    registration_no: now?.registration_no ?? "",
    country: now?.country || "CN",
    say_owners: false,
    owners: "",
  });
  return (
    <FormButton
      name={`company-${id}`}
      label={t("supplier.company")}
      private
      touched={["suppliers"]}
      fields={[
        { kind: "text", name: "legal_name", label: t("f.legal_name"), must: true, most: 200 },
        {
          kind: "text",
          name: "registration_no",
          label: t("f.registration"),
          most: 64,
          code: true,
          half: true,
          none: "",
        },
        {
          kind: "text",
          name: "country",
          label: t("supplier.country"),
          most: 2,
          code: true,
          half: true,
          must: true,
        },
        {
          kind: "yes",
          name: "say_owners",
          label: t("supplier.say_owners", { count: company?.owners_count ?? 0 }),
        },
        {
          kind: "list",
          name: "owners",
          label: t("supplier.owners"),
          hint: t("make.one_a_line"),
          when: (v) => v.say_owners === true,
        },
      ]}
      first={values(company)}
      version={company?.version}
      fresh={async () => {
        const now = await got(
          api.GET("/console/v1/suppliers/{supplier_id}/standing", { params: { path: { supplier_id: id } } }),
        );
        return { values: values(now.company), version: now.company.version };
      }}
      send={(sent, { version }) => {
        const { say_owners: _say, ...said } = sent;
        const body = { ...said, version };
        return got(
          api.PUT("/console/v1/suppliers/{supplier_id}/company", {
            params: { path: { supplier_id: id } },
            body: body as unknown as Of<"CompanyIn">,
          }),
        );
      }}
    />
  );
}

export function TermsForm({ id }: { id: string }) {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  return (
    <FormButton
      name={`terms-${id}`}
      label={t("supplier.terms")}
      touched={["suppliers"]}
      fields={[
        {
          kind: "day",
          name: "valid_from",
          label: t("f.valid_from"),
          must: true,
          half: true,
          hint: t("supplier.from_hint"),
        },
        { kind: "day", name: "valid_to", label: t("f.valid_to"), half: true, none: null },
        {
          kind: "whole",
          name: "settlement_days",
          label: t("f.settlement_days"),
          must: true,
          least: 0,
          most: 180,
          unit: t("make.days"),
          half: true,
        },
        {
          kind: "whole",
          name: "hold_days",
          label: t("f.hold_days"),
          least: 0,
          most: 180,
          unit: t("make.days"),
          half: true,
        },
        { kind: "money", name: "deposit", label: t("supplier.deposit"), bare: true, currency },
      ]}
      first={{ valid_from: "", valid_to: "", settlement_days: 0, hold_days: 0, deposit: "0" }}
      codes={{ terms_in_the_past: "valid_from" }}
      send={(sent) =>
        got(
          api.POST("/console/v1/suppliers/{supplier_id}/terms", {
            params: { path: { supplier_id: id } },
            body: sent as unknown as Of<"TermsIn">,
          }),
        )
      }
    />
  );
}

export function DepositForm({ id }: { id: string }) {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  return (
    <FormButton
      name={`deposit-${id}`}
      label={t("supplier.receive")}
      touched={["suppliers"]}
      fields={[
        { kind: "money", name: "amount", label: t("f.amount"), must: true, currency },
        {
          kind: "text",
          name: "reference",
          label: t("money_form.reference"),
          must: true,
          most: 120,
          hint: t("money_form.reference_hint"),
        },
        { kind: "text", name: "memo", label: t("f.memo"), most: 500 },
      ]}
      first={{ amount: "", reference: "", memo: "" }}
      send={(sent) =>
        got(
          api.POST("/console/v1/suppliers/{supplier_id}/deposit", {
            params: { path: { supplier_id: id } },
            body: sent as unknown as Of<"RechargeIn">,
          }),
        )
      }
    />
  );
}
