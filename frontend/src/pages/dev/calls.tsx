import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { CallDetail, CallStatus } from "@/parts/dev/CallDetail";
import { Go } from "@/parts/Go";
import { type Column, CopyCode, DataTable, type Page, Time } from "@/ui";
import { useHeard } from "@/ui/hold";
import { startOf } from "@/ui/Time";

type Call = Of<"CallOut">;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const STATUSES = [
  "200",
  "201",
  "202",
  "204",
  "400",
  "401",
  "403",
  "404",
  "409",
  "413",
  "422",
  "429",
  "500",
  "503",
];

/** What programs called, newest first. */
export function Calls() {
  const { t } = useTranslation();
  useHeard("calls", "dev-calls");
  const word = useWord();
  const { own, root } = useRoot();
  const company = useBuyerName();
  const { zone } = useMe().mall;
  const keys = useQuery({
    queryKey: ["dev-keys", "all", root],
    queryFn: async () => (await ask<Page<Of<"KeyListedOut">>>(`${root}/keys`, { size: "200" }))?.items ?? [],
  });
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
        { id: "status", label: t("f.status"), choices: STATUSES.map((one) => ({ value: one, label: one })) },
        { id: "code", label: t("dev.code") },
        { id: "method", label: t("dev.method"), choices: METHODS.map((one) => ({ value: one, label: one })) },
        { id: "path", label: t("dev.ref.path") },
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
        {
          id: "key_id",
          label: t("f.key"),
          choices: (keys.data ?? []).map((one) => ({
            value: one.id,
            label: `${one.name} · ${one.id.slice(-6)}`,
          })),
          of: keys,
        },
        { id: "ip", label: t("f.ip") },
        { id: "from", label: t("f.from"), day: true },
        { id: "to", label: t("f.to"), day: true },
      ]}
      load={async (search) => {
        const { tab: _, hours: _h, from, to, ...rest } = search;
        const at = { at_from: from && startOf(from, zone), at_to: to && startOf(to, zone, 1) };
        const query = { ...rest, ...at, size: "50" };
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
