import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useListState } from "@/ui";
import { type Field, FormButton } from "@/ui/form";
import { clockOf } from "@/ui/Time";
import { JobWatch } from "../JobWatch";

type Made = Of<"commissary.settlement.wire.StatementOut">;
type Upload = { connection_id: string; day: string; file: File; replace: boolean };
const TOUCHED = ["statements", "days", "differences"];
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A statement of a day that is over: as a file, or asked of the supplier; then matched, as one watches. */
export function BringStatement({ connection }: { connection?: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [search, set] = useListState();
  const [job, setJob] = useState<string>();
  const { zone } = useMe().mall;
  if (!may("settlement.write")) return null;
  const yesterday = clockOf(new Date(Date.now() - 86_400_000).toISOString(), zone).slice(0, 10);
  const first = { connection_id: connection ?? "", day: search.day ?? yesterday, replace: false };
  const of: Field = {
    kind: "pick",
    of: "connection",
    name: "connection_id",
    label: t("f.connection"),
    must: true,
  };
  const done = (made: Made): void => {
    setJob(made.job_id ?? undefined);
    set({ form: undefined, tab: "days", open: made.day, connection_id: made.connection_id });
  };
  return (
    <>
      <FormButton<Made>
        name="statement"
        label={t("statement.upload")}
        primary
        touched={TOUCHED}
        fields={[
          of,
          { kind: "day", name: "day", label: t("f.day"), must: true, hint: t("statement.day_hint") },
          {
            kind: "file",
            name: "file",
            label: t("f.file"),
            must: true,
            accept: ".csv,.txt,.xlsx",
            hint: t("statement.file_hint"),
          },
          { kind: "yes", name: "replace", label: t("statement.replace") },
        ]}
        first={{ ...first, file: null }}
        codes={{
          day_not_over: "day",
          day_closed: "day",
          day_decided: "day",
          day_has_statement: "replace",
          statement_columns_missing: "file",
        }}
        send={(sent) => {
          const { connection_id, day, file, replace } = sent as unknown as Upload;
          return got(
            api.POST("/console/v1/connections/{connection_id}/days/{day}/statement", {
              params: { path: { connection_id, day }, query: { file_name: file.name, replace } },
              body: file as unknown as string,
              bodySerializer: (given) => given,
              headers: { "Content-Type": file.name.toLowerCase().endsWith(".xlsx") ? XLSX : "text/csv" },
            }),
          );
        }}
        done={done}
      />
      <FormButton<Made>
        name="pull-statement"
        label={t("statement.pull")}
        touched={TOUCHED}
        fields={[
          of,
          { kind: "day", name: "day", label: t("f.day"), must: true, hint: t("statement.pull_hint") },
          { kind: "yes", name: "replace", label: t("statement.replace") },
        ]}
        first={first}
        codes={{ day_not_over: "day", day_closed: "day", day_has_statement: "replace" }}
        send={(sent) =>
          got(
            api.POST("/console/v1/connections/{connection_id}/days/{day}/statement/pull", {
              params: {
                path: { connection_id: String(sent.connection_id), day: String(sent.day) },
                query: { replace: sent.replace === true },
              },
            }),
          )
        }
        done={done}
      />
      {job && <JobWatch id={job} touched={TOUCHED} />}
    </>
  );
}
