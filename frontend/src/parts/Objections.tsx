import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { CopyCode, DataTable, Descriptions, Money, StatusTag, Time } from "@/ui";
import { FormButton } from "@/ui/form";

type Objection = Of<"ObjectionOut">;
type Filter = { id: string; label: string; choices: { value: string; label: string }[] };
const STATES = ["open", "accepted", "refused"] as const;
const TONES = { open: "wait", accepted: "good", refused: "off" } as const;

/** What suppliers object to. `own`: before themselves; else before the mall's people, who answer. */
export function Objections({ own = false, filter }: { own?: boolean; filter?: Filter }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <DataTable<Objection>
      id="objections"
      label={t("supply.objections")}
      rowKey={(o) => o.id}
      poll={30_000}
      filters={[
        ...(filter ? [filter] : []),
        {
          id: "status",
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("objection_status", value) })),
        },
      ]}
      columns={[
        { id: "day", title: t("f.day"), cell: (o) => o.day, value: (o) => o.day },
        {
          id: "status",
          title: t("f.status"),
          cell: (o) => <StatusTag kind="objection_status" code={o.status} tone={TONES[o.status]} />,
          value: (o) => o.status,
        },
        { id: "supplier", title: t("f.supplier"), cell: (o) => o.supplier_name, hidden: own },
        { id: "about", title: t("supply.about"), cell: (o) => o.line ?? o.purchase_id },
        { id: "note", title: t("supply.note"), cell: (o) => o.note.slice(0, 40) },
        { id: "reply", title: t("supply.reply"), cell: (o) => o.reply.slice(0, 40) },
        {
          id: "at",
          title: t("f.at"),
          cell: (o) => <Time at={o.opened_at} near />,
          value: (o) => o.opened_at,
        },
      ]}
      load={({ status, connection_id, cursor }) => {
        const query = { status: status as Objection["status"], cursor, size: 50 };
        return own
          ? got(api.GET("/console/v1/own/objections", { params: { query } }))
          : got(api.GET("/console/v1/objections", { params: { query: { ...query, connection_id } } }));
      }}
      detail={(_id, row) => row && <Detail row={row} own={own} />}
      detailTitle={(row, id) => row?.day ?? id}
      empty={{ title: t("supply.no_objections"), text: t("supply.no_objections_text") }}
    />
  );
}

function Detail({ row, own }: { row: Objection; own: boolean }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const file = `/console/v1/${own ? "own/" : ""}objections/${row.id}/file`;
  return (
    <>
      {!own && row.status === "open" && may("settlement.write") && (
        <div className="acts gap">
          {(["accepted", "refused"] as const).map((outcome) => (
            <FormButton
              key={outcome}
              name={`${outcome}-${row.id}`}
              label={word("objection_outcome", outcome)}
              submit={word("objection_outcome", outcome)}
              intro={<p className="muted">{t("supply.answer_text")}</p>}
              touched={["objections"]}
              fields={[{ kind: "long", name: "reply", label: t("supply.reply"), most: 2000, none: "" }]}
              first={{ reply: "" }}
              send={({ reply }) =>
                got(
                  api.POST("/console/v1/objections/{objection_id}/answer", {
                    params: { path: { objection_id: row.id } },
                    body: { outcome, reply: String(reply) },
                  }),
                )
              }
            />
          ))}
        </div>
      )}
      <Descriptions
        pairs={[
          [
            t("f.status"),
            <StatusTag key="s" kind="objection_status" code={row.status} tone={TONES[row.status]} />,
          ],
          [t("f.supplier"), row.supplier_name],
          row.line ? [t("supply.line"), row.line] : null,
          row.purchase_id ? [t("f.purchase"), <CopyCode key="p" text={row.purchase_id} />] : null,
          [t("supply.note"), row.note],
          row.file_sha256
            ? [
                t("f.file"),
                <a key="f" href={file} download>
                  {row.file_name || row.id}
                </a>,
              ]
            : null,
          row.kind ? [t("f.kind"), word("differencekind", row.kind)] : null,
          row.ours
            ? [own ? t("supply.malls") : t("reconcile.ours"), <Money key="o" value={row.ours} />]
            : null,
          row.theirs
            ? [own ? t("supply.yours") : t("reconcile.theirs"), <Money key="t" value={row.theirs} />]
            : null,
          [t("supply.reply"), row.reply],
          [t("f.ended_at"), <Time key="e" at={row.answered_at} />],
        ]}
      />
    </>
  );
}
