import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSupplierName } from "@/api/names";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { AskButton, CopyCode, DataTable, Descriptions, ReasonForm, StatusTag, Time, useAct } from "@/ui";

type Paper = Of<"PaperOut">;

/** Papers of all suppliers, and those that wait to be looked at. */
export function Papers() {
  const { t } = useTranslation();
  const word = useWord();
  const name = useSupplierName();
  return (
    <DataTable<Paper>
      id="papers"
      label={t("suppliers.papers")}
      rowKey={(p) => p.id}
      filters={[
        {
          id: "supplier_id",
          label: t("f.supplier"),
          pick: "supplier",
        },
        {
          id: "status",
          label: t("f.status"),
          choices: ["submitted", "accepted", "refused", "withdrawn", "expired"].map((value) => ({
            value,
            label: word("paper", value),
          })),
        },
      ]}
      columns={[
        { id: "kind", title: t("f.kind"), cell: (p) => word("paperkind", p.kind), value: (p) => p.kind },
        {
          id: "state",
          title: t("f.status"),
          cell: (p) => <StatusTag kind="paper" code={p.state} />,
          value: (p) => p.state,
        },
        {
          id: "supplier",
          title: t("f.supplier"),
          cell: (p) => name(p.supplier_id),
          value: (p) => name(p.supplier_id),
        },
        { id: "number", title: t("f.number"), cell: (p) => p.number || "–" },
        { id: "holder", title: t("f.holder"), cell: (p) => p.holder || "–" },
        {
          id: "from",
          title: t("f.valid_from"),
          cell: (p) => <Time at={p.valid_from} day />,
          value: (p) => p.valid_from,
        },
        {
          id: "to",
          title: t("f.valid_to"),
          cell: (p) => <Time at={p.valid_to} day />,
          value: (p) => p.valid_to ?? "",
        },
        {
          id: "submitted_at",
          title: t("f.submitted_at"),
          cell: (p) => <Time at={p.submitted_at} near />,
          value: (p) => p.submitted_at,
        },
      ]}
      load={({ supplier_id, status, cursor }) =>
        got(
          api.GET("/console/v1/papers", {
            params: { query: { supplier_id, status: status as Paper["state"], cursor, size: 50 } },
          }),
        )
      }
      detail={(_id, row) => row && <PaperDetail paper={row} />}
      detailTitle={(row, id) => (row ? word("paperkind", row.kind) : id)}
      empty={{
        title: t("suppliers.no_papers"),
        text: t("suppliers.no_papers_text"),
        action: (
          <Go
            needs="partners.write"
            page="suppliers"
            search={{ tab: "papers", form: "paper-" }}
            label={t("supplier.new_paper")}
          />
        ),
      }}
    />
  );
}

function PaperDetail({ paper }: { paper: Paper }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { path: { paper_id: paper.id } };
  const accept = useAct(
    () => got(api.POST("/console/v1/papers/{paper_id}/accept", { params, body: { sha256: paper.sha256 } })),
    "papers",
    "suppliers",
  );
  const refuse = useAct(
    (reason: string) => got(api.POST("/console/v1/papers/{paper_id}/refuse", { params, body: { reason } })),
    "papers",
    "suppliers",
  );
  const withdraw = useAct(
    (reason: string) => got(api.POST("/console/v1/papers/{paper_id}/withdraw", { params, body: { reason } })),
    "papers",
    "suppliers",
  );
  return (
    <>
      <div className="acts gap">
        {may("approvals.decide") && paper.state === "submitted" && (
          <>
            <AskButton
              label={t("suppliers.accept")}
              effect={t("suppliers.accept_text")}
              primary
              run={() => accept.mutateAsync(undefined)}
            />
            <ReasonForm label={t("suppliers.refuse")} danger run={(reason) => refuse.mutateAsync(reason)} />
          </>
        )}
        {may("partners.write") && paper.state === "accepted" && (
          <ReasonForm
            label={t("suppliers.withdraw")}
            effect={t("suppliers.withdraw_text")}
            danger
            run={(reason) => withdraw.mutateAsync(reason)}
          />
        )}
        {paper.has_file && (
          <a href={`/console/v1/papers/${paper.id}/file`} download>
            {t("suppliers.file")}
          </a>
        )}
      </div>
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="paper" code={paper.state} />],
          [t("f.number"), paper.number],
          [t("f.issuer"), paper.issuer],
          [t("f.holder"), paper.holder],
          [t("f.valid_from"), <Time key="f" at={paper.valid_from} day />],
          [t("f.valid_to"), <Time key="t" at={paper.valid_to} day />],
          [t("f.file"), paper.file_name],
          [t("f.fingerprint"), <CopyCode key="h" text={paper.sha256} short />],
          [t("f.submitted_at"), <Time key="a" at={paper.submitted_at} />],
          [t("f.decided_at"), <Time key="d" at={paper.decided_at} />],
          [t("f.reason"), paper.reason],
        ]}
      />
    </>
  );
}
