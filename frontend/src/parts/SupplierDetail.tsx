import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBrands } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import {
  DangerConfirm,
  Descriptions,
  FaultNote,
  IconBad,
  IconGood,
  Part,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { Contacts } from "./customers/Contacts";
import { Keys } from "./customers/Keys";
import { Deposit } from "./suppliers/Deposit";
import { PaperForm } from "./suppliers/PaperForm";
import { CompanyForm, SupplierForm, TermsForm } from "./suppliers/SupplierForms";

export function SupplierDetail({ id, row }: { id: string; row: Of<"SupplierOut"> | undefined }) {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const may = useMay();
  const params = { path: { supplier_id: id } };
  const { data: standing, error } = useQuery({
    queryKey: ["suppliers", "standing", id],
    queryFn: () => got(api.GET("/console/v1/suppliers/{supplier_id}/standing", { params })),
  });
  const terms = useQuery({
    queryKey: ["suppliers", "terms", id],
    queryFn: () => got(api.GET("/console/v1/suppliers/{supplier_id}/terms", { params })),
  });
  const brands = useBrands();
  const brand = (one: string) => said(pair(brands.find((each) => each.id === one))) || one;
  const edit = useAct(
    (status: "active" | "suspended") =>
      got(api.PATCH("/console/v1/suppliers/{supplier_id}", { params, body: { status } })),
    "suppliers",
    "names",
  );
  const quarantine = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/suppliers/{supplier_id}/quarantines", { params, body: { reason } })),
    "suppliers",
  );
  const release = useAct(
    ({ one, reason }: { one: string; reason: string }) =>
      got(
        api.POST("/console/v1/quarantines/{quarantine_id}/release", {
          params: { path: { quarantine_id: one } },
          body: { reason },
        }),
      ),
    "suppliers",
  );
  const confirm = useAct(
    ({ one, reason }: { one: string; reason: string }) =>
      got(
        api.POST("/console/v1/quarantines/{quarantine_id}/confirm", {
          params: { path: { quarantine_id: one } },
          body: { reason },
        }),
      ),
    "suppliers",
  );
  return (
    <>
      {may("partners.write") && row && (
        <div className="acts gap">
          {row.status === "active" ? (
            <DangerConfirm
              label={t("suppliers.suspend")}
              effect={t("suppliers.suspend_text")}
              type={row.name}
              testid="suspend"
              run={() => edit.mutateAsync("suspended")}
            />
          ) : (
            <ReasonForm
              label={t("suppliers.resume")}
              reason={undefined}
              run={() => edit.mutateAsync("active")}
            />
          )}
          <ReasonForm
            label={t("suppliers.quarantine")}
            effect={t("suppliers.quarantine_text")}
            danger
            testid="quarantine"
            run={(reason) => quarantine.mutateAsync(reason)}
          />
          <SupplierForm supplier={row} />
          <CompanyForm id={id} company={standing?.company} />
        </div>
      )}
      <FaultNote error={error} />
      {row && (
        <Descriptions
          pairs={[
            [t("f.status"), <StatusTag key="s" kind="company" code={row.status} />],
            [t("f.grade"), <StatusTag key="g" kind="grade" code={row.grade} />],
            [t("f.settlement_days"), t("days", { count: row.settlement_days })],
            [t("f.legal_name"), standing?.company.legal_name],
            [t("f.registration"), standing?.company.registration_no],
          ]}
        />
      )}
      {standing && (
        <>
          <Part title={t("suppliers.standing")} actions={<PaperForm supplier={id} />}>
            <p className={standing.qualified ? "tag good" : "tag bad"}>
              {standing.qualified ? <IconGood aria-hidden /> : <IconBad aria-hidden />}
              {standing.qualified ? t("suppliers.qualified") : said(standing.why)}
            </p>
            <Small
              rows={standing.papers}
              keyOf={(one) => one.instrument_class}
              none=""
              columns={[
                [
                  t("f.instrument"),
                  (one) =>
                    one.instrument_class ? word("instrument", one.instrument_class) : t("suppliers.company"),
                ],
                [t("f.status"), (one) => <StatusTag kind="fit" code={one.ok ? "A" : "missing"} />],
                [
                  t("suppliers.missing"),
                  (one) => one.missing.map((kind) => word("paperkind", kind)).join(", ") || "–",
                ],
                [t("f.valid_to"), (one) => <Time at={one.until} day last />],
              ]}
            />
          </Part>
          <Part title={t("suppliers.brands")}>
            <Small
              rows={standing.brands}
              keyOf={(one) => one.brand_id}
              none={t("suppliers.no_brands")}
              columns={[
                [t("f.brand"), (one) => brand(one.brand_id)],
                [t("f.grade"), (one) => <StatusTag kind="grade" code={one.grade} />],
                [t("f.valid_to"), (one) => <Time at={one.until} day last />],
              ]}
            />
          </Part>
          {standing.quarantines.length > 0 && (
            <Part title={t("suppliers.quarantines")}>
              <Small
                rows={standing.quarantines}
                keyOf={(one) => one.id}
                none=""
                columns={[
                  [t("f.cause"), (one) => word("cause", one.cause)],
                  [t("f.reason"), (one) => one.reason],
                  [t("f.status"), (one) => <StatusTag kind="quarantine" code={one.state} />],
                  [t("f.at"), (one) => <Time at={one.opened_at} />],
                  [
                    "",
                    (one) =>
                      one.state === "open" &&
                      may("approvals.decide") && (
                        <span className="acts">
                          <ReasonForm
                            label={t("suppliers.release")}
                            run={(reason) => release.mutateAsync({ one: one.id, reason })}
                          />
                          {one.cause === "name_list" && (
                            <ReasonForm
                              label={t("kyb.confirm")}
                              effect={t("kyb.confirm_text")}
                              danger
                              testid="confirm-hit"
                              run={(reason) => confirm.mutateAsync({ one: one.id, reason })}
                            />
                          )}
                        </span>
                      ),
                  ],
                ]}
              />
            </Part>
          )}
        </>
      )}
      <Part title={t("suppliers.terms")} actions={may("partners.write") && <TermsForm id={id} />}>
        <Small
          of={terms}
          rows={terms.data ?? []}
          keyOf={(one) => one.valid_from}
          none={t("suppliers.no_terms")}
          columns={[
            [t("f.valid_from"), (one) => <Time at={one.valid_from} day />],
            [t("f.valid_to"), (one) => <Time at={one.valid_to} day />],
            [t("f.settlement_days"), (one) => one.settlement_days, "end"],
            [t("f.hold_days"), (one) => one.hold_days, "end"],
          ]}
        />
      </Part>
      <Deposit id={id} />
      {may("keys.read") && <Keys organisation={id} of="supplier" />}
      <Contacts organisation={id} />
    </>
  );
}
