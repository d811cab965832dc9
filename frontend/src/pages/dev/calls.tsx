import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { CallDetail, CallStatus } from "@/parts/dev/CallDetail";
import { Go } from "@/parts/Go";
import { type Column, CopyCode, DataTable, type Page, Time } from "@/ui";
import { useHeard } from "@/ui/hold";

type Call = Of<"CallOut">;

/** What programs called, newest first. */
export function Calls() {
  const { t } = useTranslation();
  useHeard("calls", "dev-calls");
  const word = useWord();
  const { own, root } = useRoot();
  const company = useBuyerName();
  const columns: Column<Call>[] = [
    { id: "at", title: t("f.at"), cell: (c) => <Time at={c.at} /> },
    {
      id: "status",
      title: t("f.status"),
      cell: (c) => (
        <span className="two">
          <CallStatus call={c} />
          {c.code && <small className="muted">{word("refusal", c.code)}</small>}
        </span>
      ),
    },
    { id: "route", title: t("dev.route"), cell: (c) => <code>{`${c.method} ${c.route}`}</code> },
    { id: "took", title: t("dev.took"), cell: (c) => `${c.elapsed_ms.toFixed(1)} ms`, end: true },
    {
      id: "idem",
      title: t("dev.idempotency"),
      cell: (c) => (c.idempotency_key ? <CopyCode text={c.idempotency_key} short /> : "–"),
    },
    { id: "company", title: t("f.buyer"), cell: (c) => company(c.organisation_id), hidden: own },
    { id: "key", title: t("f.key"), cell: (c) => <CopyCode text={c.key_id} />, hidden: true },
    { id: "ip", title: t("f.ip"), cell: (c) => c.ip, hidden: true },
    { id: "request", title: t("fault.request"), cell: (c) => <CopyCode text={c.request_id} short /> },
  ];
  return (
    <DataTable<Call>
      id="dev-calls"
      label={t("dev.calls")}
      rowKey={(c) => c.id}
      columns={columns}
      find={t("dev.find")}
      filters={[
        {
          id: "refused",
          label: t("dev.outcome"),
          choices: [
            { value: "true", label: t("dev.refused") },
            { value: "false", label: t("dev.good") },
          ],
        },
        { id: "code", label: t("dev.code") },
        { id: "route", label: t("dev.route") },
        ...(own
          ? []
          : [
              {
                id: "organisation_id",
                label: t("f.buyer"),
                pick: "buyer" as const,
              },
            ]),
        { id: "key_id", label: t("f.key") },
        { id: "ip", label: t("f.ip") },
      ]}
      load={async (search) => {
        const { tab: _, hours: _h, ...rest } = search;
        const query = { ...rest, size: "50" };
        return (await ask<Page<Call>>(`${root}/calls`, query)) ?? { items: [] };
      }}
      detail={(id) => <CallDetail id={id} />}
      detailTitle={(c, id) => (c ? `${c.method} ${c.path}` : id)}
      empty={{
        title: t("dev.no_calls"),
        text: t("dev.no_calls_text"),
        action: <Go needs="own.keys.write" page="dev" search={{ tab: "keys" }} label={t("dev.keys")} />,
      }}
    />
  );
}
