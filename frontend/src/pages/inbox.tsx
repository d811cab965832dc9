import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { ApprovalDetail, TONES, TOUCHED } from "@/parts/ApprovalDetail";
import {
  App,
  AskButton,
  CopyCode,
  DataTable,
  Descriptions,
  Money,
  PageTabs,
  Screen,
  StatusTag,
  Time,
  useAct,
  useListState,
} from "@/ui";

type Item = Of<"InboxItemOut">;
type Approval = Of<"ApprovalOut">;

// Where the other kinds are decided.
const PLACES = {
  price_proposal: { to: "prices", search: { tab: "proposals" } },
  restock: { to: "goods", search: {} },
  paper: { to: "suppliers", search: { tab: "papers" } },
  purchase: { to: "purchases", search: {} },
} as const;

export default function Inbox() {
  const { t } = useTranslation();
  const [search] = useListState();
  const tab = search.tab ?? "decide";
  return (
    <Screen title={t("nav.inbox")} text={t("approvals.text")}>
      <PageTabs
        label={t("nav.inbox")}
        tabs={[
          { id: "decide", label: t("approvals.decide") },
          { id: "mine", label: t("approvals.mine") },
          { id: "decided", label: t("approvals.decided") },
        ]}
      />
      {tab === "decide" ? <Waiting /> : <Requests key={tab} view={tab === "mine" ? "mine" : "decided"} />}
    </Screen>
  );
}

/** How long somebody has to decide; told by words too when the time is over. */
function Clock({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation();
  if (!at) return <span className="muted">–</span>;
  const late = Date.parse(at) < Date.now();
  return (
    <span className={late ? "tag bad" : undefined}>
      {late && `${t("approvals.late")} `}
      <Time at={at} near />
    </span>
  );
}

function Waiting() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const kinds = ["approval", "price_proposal", "restock", "paper", "purchase"] as const;
  return (
    <DataTable<Item>
      id="inbox"
      label={t("approvals.decide")}
      rowKey={(one) => `${one.kind}-${one.id}`}
      poll={30_000}
      filters={[
        {
          id: "kind",
          label: t("f.kind"),
          choices: kinds.map((k) => ({ value: k, label: word("inbox_kind", k) })),
        },
      ]}
      columns={[
        {
          id: "what",
          title: t("approvals.what"),
          cell: (one) => (one.act ? word("approval_act", one.act) : word("inbox_kind", one.kind)),
          value: (one) => one.act ?? one.kind,
        },
        {
          id: "about",
          title: t("approvals.about"),
          cell: (one) => said({ zh: one.title_zh, en: one.title_en }) || one.subject,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (one) => (one.amount ? <Money value={one.amount} /> : "–"),
          value: (one) => Number(one.amount?.amount ?? 0),
          end: true,
        },
        { id: "at", title: t("f.since"), cell: (one) => <Time at={one.at} near />, value: (one) => one.at },
        {
          id: "due",
          title: t("approvals.due"),
          cell: (one) => <Clock at={one.due_at} />,
          value: (one) => one.due_at ?? "9",
        },
        { id: "id", title: t("f.id"), cell: (one) => <CopyCode text={one.id} />, hidden: true },
      ]}
      load={async ({ kind }) => {
        const wanted = kinds.find((one) => one === kind);
        const found = await got(api.GET("/console/v1/inbox", { params: { query: { kind: wanted } } }));
        return { items: found.items, next: null };
      }}
      withChosen={(rows, clear) => <Bulk rows={rows} done={clear} />}
      detail={(key, row) =>
        key.startsWith("approval-") ? <ApprovalDetail id={key.slice(9)} /> : row && <Elsewhere row={row} />
      }
      detailTitle={(row, key) =>
        row ? (row.act ? word("approval_act", row.act) : word("inbox_kind", row.kind)) : key
      }
      empty={{ title: t("approvals.empty"), text: t("approvals.empty_text") }}
    />
  );
}

function Elsewhere({ row }: { row: Item }) {
  const { t } = useTranslation();
  const me = useMe();
  const said = useSaid();
  const place = row.kind === "approval" ? undefined : PLACES[row.kind];
  return (
    <>
      <Descriptions
        pairs={[
          [t("approvals.about"), said({ zh: row.title_zh, en: row.title_en }) || row.subject],
          [t("f.subject"), <CopyCode key="s" text={row.subject} />],
          [t("f.amount"), row.amount ? <Money key="a" value={row.amount} /> : "–"],
          [t("f.since"), <Time key="t" at={row.at} />],
        ]}
      />
      {place && (
        <p>
          <Link to={`/c/$org/${place.to}`} params={{ org: me.mall.slug }} search={place.search}>
            {t("approvals.there")}
          </Link>
        </p>
      )}
    </>
  );
}

function Bulk({ rows, done }: { rows: Item[]; done: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const { modal } = App.useApp();
  const items = rows.flatMap((one) =>
    one.kind === "approval" && one.seal ? [{ id: one.id, seal: one.seal }] : [],
  );
  const decide = useAct(
    async ({ approve, comment }: { approve: boolean; comment: string }) => {
      const found = await got(
        api.POST("/console/v1/approvals/decide", { body: { items, approve, comment } }),
      );
      const not = found.items.filter((one) => one.refusal || one.failure);
      if (not.length)
        modal.warning({
          title: t("approvals.some_not", { count: not.length }),
          content: [...new Set(not.map((one) => word("refusal", one.refusal ?? one.failure)))].join(" "),
        });
      done();
    },
    ...TOUCHED,
  );
  if (!items.length) return <span className="muted">{t("approvals.bulk_none")}</span>;
  return (
    <>
      <AskButton
        label={t("approvals.approve")}
        effect={t("approvals.bulk_text", { count: items.length })}
        type={String(items.length)}
        reason="may"
        testid="bulk-approve"
        run={(comment) => decide.mutateAsync({ approve: true, comment })}
      />
      <AskButton
        label={t("approvals.refuse")}
        effect={t("approvals.bulk_refuse", { count: items.length })}
        danger
        reason="must"
        testid="bulk-refuse"
        run={(comment) => decide.mutateAsync({ approve: false, comment })}
      />
    </>
  );
}

function Requests({ view }: { view: "mine" | "decided" }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <DataTable<Approval>
      id="approvals"
      label={view === "mine" ? t("approvals.mine") : t("approvals.decided")}
      rowKey={(one) => one.id}
      columns={[
        { id: "what", title: t("approvals.what"), cell: (one) => word("approval_act", one.act) },
        {
          id: "status",
          title: t("f.status"),
          cell: (one) => <StatusTag kind="approval_status" code={one.status} tone={TONES[one.status]} />,
        },
        {
          id: "amount",
          title: t("f.amount"),
          cell: (one) => (one.amount ? <Money value={one.amount} /> : "–"),
          end: true,
        },
        { id: "maker", title: t("approvals.maker"), cell: (one) => one.maker.name, hidden: view === "mine" },
        { id: "reason", title: t("f.reason"), cell: (one) => one.reason || "–" },
        { id: "asked", title: t("approvals.asked_at"), cell: (one) => <Time at={one.asked_at} /> },
        { id: "by", title: t("approvals.decided_by"), cell: (one) => one.decision?.by?.name ?? "–" },
        { id: "decided", title: t("f.decided_at"), cell: (one) => <Time at={one.decision?.at} /> },
        {
          id: "due",
          title: t("approvals.due"),
          cell: (one) => (one.status === "open" ? <Clock at={one.due_at} /> : "–"),
        },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/approvals", { params: { query: { view, cursor, size: 50 } } }))
      }
      detail={(id) => <ApprovalDetail id={id} />}
      detailTitle={(row, id) => (row ? word("approval_act", row.act) : id)}
      empty={
        view === "mine"
          ? { title: t("approvals.none_mine"), text: t("approvals.none_mine_text") }
          : { title: t("approvals.none_decided"), text: t("approvals.none_decided_text") }
      }
    />
  );
}
