import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import {
  AskButton,
  CopyCode,
  DataTable,
  Descriptions,
  Money,
  ReasonForm,
  StatusTag,
  Time,
  useAct,
} from "@/ui";

type Intake = Of<"IntakeOut">;
const STATES = ["waiting", "released", "refused"] as const;

/** What suppliers' people brought. `own`: before themselves; else before the mall's, who release it or send it back. */
export function Intakes({ own = false }: { own?: boolean }) {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  return (
    <DataTable<Intake>
      id="intakes"
      label={t("supply.intakes")}
      rowKey={(i) => i.id}
      poll={30_000}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("intake_status", value) })),
        },
      ]}
      columns={[
        { id: "sku", title: t("f.sku"), cell: (i) => said({ zh: i.sku_zh, en: i.sku_en }) },
        {
          id: "status",
          title: t("f.status"),
          cell: (i) => <IntakeTag intake={i} />,
          value: (i) => i.status,
        },
        { id: "supplier", title: t("f.supplier"), cell: (i) => i.supplier_name, hidden: own },
        { id: "codes", title: t("supply.kept"), cell: (i) => i.imported.toLocaleString(), end: true },
        { id: "sold", title: t("f.sold"), cell: (i) => i.sold.toLocaleString(), end: true },
        { id: "cost", title: t("f.cost"), cell: (i) => <Money value={i.unit_cost} />, end: true },
        {
          id: "at",
          title: t("f.at"),
          cell: (i) => <Time at={i.brought_at} near />,
          value: (i) => i.brought_at,
        },
      ]}
      load={({ status, cursor }) => {
        const query = { status: status as Intake["status"], cursor, size: 50 };
        return own
          ? got(api.GET("/console/v1/own/intakes", { params: { query } }))
          : got(api.GET("/console/v1/intakes", { params: { query } }));
      }}
      detail={(_id, row) => row && <Detail row={row} own={own} />}
      detailTitle={(row, id) => row?.file_name || id}
      empty={{
        title: t("supply.no_intakes"),
        text: own ? t("supply.no_intakes_own") : t("supply.no_intakes_text"),
      }}
    />
  );
}

function IntakeTag({ intake }: { intake: Intake }) {
  const tone = { waiting: "wait", released: "good", refused: "off" } as const;
  return <StatusTag kind="intake_status" code={intake.status} tone={tone[intake.status]} />;
}

function Detail({ row, own }: { row: Intake; own: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = { params: { path: { intake_id: row.id } } };
  const release = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/intakes/{intake_id}/release", { ...path, body: { reason } })),
    "intakes",
    "batches",
  );
  const refuse = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/intakes/{intake_id}/refuse", { ...path, body: { reason } })),
    "intakes",
    "batches",
  );
  return (
    <>
      {!own && row.status === "waiting" && may("stock.import") && (
        <div className="acts gap">
          <AskButton
            label={t("supply.release")}
            effect={t("supply.release_text", { codes: row.imported })}
            reason="may"
            primary
            testid="release"
            run={(reason) => release.mutateAsync(reason)}
          />
          <ReasonForm
            label={t("supply.send_back")}
            effect={t("supply.send_back_text", { codes: row.imported })}
            danger
            testid="send-back"
            run={(reason) => refuse.mutateAsync(reason)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <IntakeTag key="s" intake={row} />],
          [t("f.supplier"), row.supplier_name],
          [t("f.file"), row.file_name],
          [t("supply.receipt"), <CopyCode key="h" text={row.sha256} />],
          [t("supply.kept"), row.imported],
          [t("supply.known"), row.known_elsewhere],
          [t("supply.repeated"), row.repeated_in_file],
          [t("supply.expired"), row.expired],
          [t("supply.faulty"), row.faulty],
          [t("f.sold"), row.sold],
          [t("f.cost"), <Money key="c" value={row.unit_cost} />],
          [t("f.reason"), row.reason],
          [t("f.at"), <Time key="a" at={row.brought_at} />],
          [t("f.decided_at"), <Time key="d" at={row.decided_at} />],
        ]}
      />
    </>
  );
}
