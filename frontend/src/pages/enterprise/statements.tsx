import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { type Department, useDepartments } from "@/parts/enterprise/departments";
import { Go } from "@/parts/Go";
import { DataTable, EmptyState, Money, Pending, Screen, Time, useListState } from "@/ui";
import { FormButton } from "@/ui/form";
import { startOf } from "@/ui/Time";

/** Statements of each department, and their files. */
export default function Statements() {
  const { t } = useTranslation();
  const may = useMay();
  const [search] = useListState();
  const departments = useDepartments();
  const { data } = departments;
  const all = data?.items ?? [];
  const one = all.find((d) => d.id === search.department_id) ?? all[0];
  return (
    <Screen
      title={t("nav.statements")}
      text={t("enterprise.statements_text")}
      actions={one && may("own.departments.write") && <Make one={one} />}
    >
      {one ? (
        <List one={one} all={all} />
      ) : data ? (
        <EmptyState title={t("enterprise.no_departments")} text={t("enterprise.no_departments_text")} />
      ) : (
        <Pending of={departments} />
      )}
    </Screen>
  );
}

function List({ one, all }: { one: Department; all: Department[] }) {
  const { t } = useTranslation();
  return (
    <DataTable<Of<"commissary.ledger.wire.StatementOut">>
      key={one.id}
      id={`department-statements-${one.id}`}
      label={t("nav.statements")}
      rowKey={(s) => s.id}
      filters={[
        {
          id: "department_id",
          label: t("enterprise.department"),
          choices: all.map((d) => ({ value: d.id, label: d.name })),
        },
      ]}
      columns={[
        { id: "from", title: t("f.from"), cell: (s) => <Time at={s.from_at} />, value: (s) => s.from_at },
        { id: "to", title: t("f.to"), cell: (s) => <Time at={s.to_at} />, value: (s) => s.to_at },
        { id: "opening", title: t("reconcile.opening"), cell: (s) => <Money value={s.opening} />, end: true },
        { id: "debits", title: t("enterprise.debits"), cell: (s) => <Money value={s.debits} />, end: true },
        {
          id: "credits",
          title: t("enterprise.credits"),
          cell: (s) => <Money value={s.credits} />,
          end: true,
        },
        { id: "closing", title: t("reconcile.closing"), cell: (s) => <Money value={s.closing} />, end: true },
        {
          id: "file",
          title: t("f.file"),
          cell: (s) => (
            <a href={`/console/v1/own/departments/${one.id}/statements/${s.id}/export`} download>
              CSV
            </a>
          ),
        },
      ]}
      load={({ cursor }) =>
        got(
          api.GET("/console/v1/own/departments/{department_id}/statements", {
            params: { path: { department_id: one.id }, query: { cursor, size: 50 } },
          }),
        )
      }
      empty={{
        title: t("enterprise.no_statements"),
        text: t("enterprise.no_statements_text"),
        action: <Go needs="own.departments.write" page="departments" label={t("nav.departments")} />,
      }}
    />
  );
}

function Make({ one }: { one: Department }) {
  const { t } = useTranslation();
  const { zone } = useMe().mall;
  return (
    <FormButton
      name={`statement-${one.id}`}
      label={t("enterprise.make_statement")}
      intro={<p className="muted">{t("enterprise.make_statement_text", { name: one.name })}</p>}
      touched={[`department-statements-${one.id}`]}
      fields={[
        { kind: "day", name: "from", label: t("f.from"), must: true, half: true, also: ["from_at"] },
        { kind: "day", name: "to", label: t("enterprise.until"), must: true, half: true, also: ["to_at"] },
      ]}
      first={{ from: "", to: "" }}
      send={({ from, to }) =>
        got(
          api.POST("/console/v1/own/departments/{department_id}/statements", {
            params: { path: { department_id: one.id } },
            body: { from_at: startOf(String(from), zone), to_at: startOf(String(to), zone) },
          }),
        )
      }
    />
  );
}
