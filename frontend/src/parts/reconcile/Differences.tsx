import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import {
  AskButton,
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  Money,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import type { OfAny } from "./of";

type Difference = Of<"DifferenceOut">;

const KINDS = ["amount", "books", "duplicate", "extra", "late", "missing", "quantity", "status"];

/** What does not agree, line by line, until a person has decided. */
export function Differences({ connection, filter }: OfAny) {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = (id: string) => filter.choices.find((one) => one.value === id)?.label ?? id;
  return (
    <DataTable<Difference>
      id="differences"
      label={t("reconcile.differences")}
      rowKey={(d) => d.id}
      filters={[
        filter,
        {
          id: "status",
          label: t("f.status"),
          choices: ["open", "resolved"].map((value) => ({ value, label: word("difference", value) })),
        },
        {
          id: "kind",
          label: t("f.kind"),
          choices: KINDS.map((value) => ({ value, label: word("differencekind", value) })),
        },
        { id: "day", label: t("f.day"), day: true },
      ]}
      columns={[
        {
          id: "connection",
          title: t("f.connection"),
          cell: (d) => nameOf(d.connection_id),
          value: (d) => nameOf(d.connection_id),
        },
        { id: "kind", title: t("f.kind"), cell: (d) => word("differencekind", d.kind), value: (d) => d.kind },
        {
          id: "status",
          title: t("f.status"),
          cell: (d) => <StatusTag kind="difference" code={d.status} />,
          value: (d) => d.status,
        },
        { id: "day", title: t("f.day"), cell: (d) => d.day, value: (d) => d.day },
        {
          id: "ours",
          title: t("reconcile.ours"),
          cell: (d) => <Money value={d.ours} />,
          value: (d) => Number(d.ours.amount),
          end: true,
        },
        {
          id: "theirs",
          title: t("reconcile.theirs"),
          cell: (d) => <Money value={d.theirs} />,
          value: (d) => Number(d.theirs.amount),
          end: true,
        },
        {
          id: "difference",
          title: t("reconcile.difference"),
          cell: (d) => <Money value={d.difference} />,
          value: (d) => Number(d.difference.amount),
          end: true,
        },
        { id: "resolution", title: t("reconcile.resolution"), cell: (d) => word("resolution", d.resolution) },
      ]}
      load={({ status, kind, day, cursor }) =>
        got(
          api.GET("/console/v1/differences", {
            params: {
              query: {
                connection_id: connection,
                status: status as Difference["status"],
                kind: kind as Difference["kind"],
                day,
                cursor,
                size: 50,
              },
            },
          }),
        )
      }
      detail={(_id, row) => row && <DifferenceDetail row={row} />}
      detailTitle={(row, id) => (row ? word("differencekind", row.kind) : id)}
      empty={{
        title: t("reconcile.clean"),
        text: t("reconcile.clean_text"),
        action: (
          <Go needs="settlement.read" page="reconcile" search={{ tab: "days" }} label={t("reconcile.days")} />
        ),
      }}
    />
  );
}

function DifferenceDetail({ row }: { row: Difference }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const resolve = useAct(
    (given: Of<"ResolveIn">) =>
      got(
        api.POST("/console/v1/differences/{difference_id}/resolve", {
          params: { path: { difference_id: row.id } },
          body: given,
        }),
      ),
    "differences",
    "days",
  );
  const amount = row.difference.amount;
  return (
    <>
      {row.status === "open" && may("settlement.write") && (
        <div className="acts gap">
          {(["claimed", "accepted", "late"] as const).map((resolution) => (
            <AskButton
              key={resolution}
              label={word("resolution", resolution)}
              effect={t(`reconcile.${resolution}`)}
              reason="may"
              testid={resolution}
              run={(note) => resolve.mutateAsync({ resolution, note })}
            />
          ))}
          {may("settlement.payout") && (
            <DangerConfirm
              label={word("resolution", "written_off")}
              effect={t("reconcile.written_off")}
              type={amount}
              reason="must"
              testid="written_off"
              run={(note) => resolve.mutateAsync({ resolution: "written_off", note })}
            />
          )}
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="difference" code={row.status} />],
          [t("reconcile.ours"), <Money key="o" value={row.ours} />],
          [t("reconcile.theirs"), <Money key="t" value={row.theirs} />],
          [t("reconcile.difference"), <Money key="d" value={row.difference} />],
          [t("f.day"), row.day],
          row.purchase_id ? [t("f.purchase"), <CopyCode key="p" text={row.purchase_id} />] : null,
          [t("reconcile.resolution"), word("resolution", row.resolution)],
          [t("f.memo"), row.note],
          [t("f.ended_at"), <Time key="e" at={row.resolved_at} />],
        ]}
      />
    </>
  );
}
