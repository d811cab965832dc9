import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  CopyCode,
  DataTable,
  Descriptions,
  EmptyState,
  FaultNote,
  Money,
  Part,
  Small,
  StatusTag,
  Time,
  useListState,
} from "@/ui";
import { FormButton } from "@/ui/form";
import type { OfConnection } from "./of";

type Line = Of<"MyLineOut">;
const TONES = { open: "wait", accepted: "good", refused: "off" } as const;

/** The lines of a day, each beside the mall's books. */
export function Lines({ connection, filter }: OfConnection) {
  const { t } = useTranslation();
  const word = useWord();
  const [{ day }] = useListState();
  return (
    <>
      {!day && <EmptyState title={t("supply.choose_day")} text={t("supply.choose_day_text")} />}
      <DataTable<Line>
        id="my-lines"
        label={t("supply.lines")}
        rowKey={(x) => String(x.line)}
        filters={[filter, { id: "day", label: t("f.day"), day: true }]}
        columns={[
          { id: "line", title: t("supply.line"), cell: (x) => x.line, value: (x) => x.line, end: true },
          { id: "ref", title: t("supply.our_no"), cell: (x) => x.ref || x.supplier_ref },
          {
            id: "kind",
            title: t("f.kind"),
            cell: (x) => word("differencekind", x.kind),
            value: (x) => x.kind,
          },
          { id: "yours", title: t("supply.yours"), cell: (x) => <Money value={x.yours} />, end: true },
          { id: "malls", title: t("supply.malls"), cell: (x) => <Money value={x.ours} />, end: true },
          {
            id: "difference",
            title: t("reconcile.difference"),
            cell: (x) => <Money value={x.difference} />,
            end: true,
          },
          {
            id: "objection",
            title: t("supply.objection"),
            cell: (x) =>
              x.objection && (
                <StatusTag kind="objection_status" code={x.objection} tone={TONES[x.objection]} />
              ),
          },
        ]}
        load={async ({ cursor }) =>
          day
            ? got(
                api.GET("/console/v1/own/connections/{connection_id}/days/{day}/lines", {
                  params: { path: { connection_id: connection, day }, query: { cursor, size: 100 } },
                }),
              )
            : { items: [], next: null }
        }
        detail={(_id, row) =>
          row && (
            <>
              {row.objection !== "open" && day && (
                <div className="acts gap">
                  <ObjectTo connection={connection} day={day} about={{ line: row.line }} />
                </div>
              )}
              <Descriptions
                pairs={[
                  [t("f.kind"), word("differencekind", row.kind)],
                  [t("supply.yours"), <Money key="y" value={row.yours} />],
                  [t("supply.malls"), <Money key="m" value={row.ours} />],
                  [t("reconcile.difference"), <Money key="d" value={row.difference} />],
                  [t("reconcile.resolution"), word("resolution", row.resolution)],
                  [t("supply.article"), row.article],
                  [t("f.quantity"), row.quantity],
                  [t("supply.our_no"), <CopyCode key="r" text={row.ref} />],
                  [t("f.at"), <Time key="a" at={row.at} />],
                ]}
              />
            </>
          )
        }
        detailTitle={(row, id) => `${t("supply.line")} ${row?.line ?? id}`}
        empty={{ title: t("supply.no_lines"), text: t("supply.no_lines_text") }}
      />
    </>
  );
}

/** What the mall bought and the statement has not. */
export function Lacking({ connection, day, closed }: { connection: string; day: string; closed: boolean }) {
  const { t } = useTranslation();
  const word = useWord();
  const { data, error } = useQuery({
    queryKey: ["my-lines", "lacking", connection, day],
    queryFn: () =>
      got(
        api.GET("/console/v1/own/connections/{connection_id}/days/{day}/differences", {
          params: { path: { connection_id: connection, day }, query: { size: 200 } },
        }),
      ),
  });
  return (
    <Part title={t("supply.lacking")}>
      <FaultNote error={error} />
      {data && (
        <Small
          rows={data.items.filter((one) => one.line === null)}
          keyOf={(one) => one.id}
          none={t("supply.lacking_none")}
          columns={[
            [t("f.kind"), (one) => word("differencekind", one.kind)],
            [t("supply.our_no"), (one) => <code>{one.purchase_id}</code>],
            [t("supply.malls"), (one) => <Money value={one.ours} />, "end"],
            [
              "",
              (one) =>
                !closed &&
                one.purchase_id && (
                  <ObjectTo connection={connection} day={day} about={{ purchase_id: one.purchase_id }} />
                ),
            ],
          ]}
        />
      )}
    </Part>
  );
}

interface Against {
  connection: string;
  day: string;
  about: { line?: number; purchase_id?: string };
}

/** His words against it, with a document if he has one. */
function ObjectTo({ connection, day, about }: Against) {
  const { t } = useTranslation();
  const may = useMay();
  // A document that failed is sent again for the same objection.
  const made = useRef("");
  if (!may("own.supply.write")) return null;
  return (
    <FormButton
      name={`object-${about.purchase_id ?? about.line}`}
      label={t("supply.object")}
      intro={<p className="muted">{t("supply.object_text")}</p>}
      touched={["my-lines", "objections"]}
      fields={[
        { kind: "long", name: "note", label: t("supply.note"), must: true, most: 2000 },
        { kind: "file", name: "file", label: t("supply.document"), also: ["file_name"] },
      ]}
      first={{ note: "" }}
      send={async ({ note, file }) => {
        made.current ||= (
          await got(
            api.POST("/console/v1/own/connections/{connection_id}/days/{day}/objections", {
              params: { path: { connection_id: connection, day } },
              body: { note: String(note), ...about },
            }),
          )
        ).id;
        if (file instanceof File)
          await got(
            api.PUT("/console/v1/own/objections/{objection_id}/file", {
              params: { path: { objection_id: made.current }, query: { file_name: file.name } },
              headers: { "content-type": "application/octet-stream" },
              body: file as never,
              bodySerializer: (body) => body as never,
            }),
          );
        made.current = "";
      }}
    />
  );
}
