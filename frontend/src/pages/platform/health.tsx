import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { CopyCode, DataTable, Descriptions, type Page, Part, StatusTag, Time } from "@/ui";

type Endpoint = Of<"EndpointHealthOut">;

const PATH = "/console/v1/webhook-health";

/** Every company's endpoints: what waits and since when, what arrived, what was given up. */
export function Health() {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <DataTable<Endpoint>
      id="platform-hooks"
      label={t("platform.hooks")}
      rowKey={(e) => e.id}
      poll={15_000}
      find={t("platform.find_hook")}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: ["active", "paused", "disabled"].map((value) => ({
            value,
            label: word("webhook_endpoint_state", value),
          })),
        },
        { id: "failing", label: t("platform.failing"), choices: [{ value: "true", label: t("yes") }] },
      ]}
      columns={[
        { id: "url", title: t("f.address"), cell: (e) => <span className="wrap">{e.url}</span> },
        { id: "company", title: t("platform.company"), cell: (e) => e.organisation },
        {
          id: "state",
          title: t("f.status"),
          cell: (e) => <StatusTag kind="webhook_endpoint_state" code={e.state} />,
        },
        {
          id: "delivered",
          title: t("platform.delivered"),
          cell: (e) => e.delivered.toLocaleString(),
          end: true,
        },
        { id: "waiting", title: t("platform.waiting"), cell: (e) => e.waiting.toLocaleString(), end: true },
        { id: "oldest", title: t("platform.oldest"), cell: (e) => <Time at={e.oldest_waiting_at} near /> },
        { id: "dead", title: t("platform.dead"), cell: (e) => e.dead.toLocaleString(), end: true },
        { id: "failures", title: t("dev.failures"), cell: (e) => e.failures, sort: "failures", end: true },
        {
          id: "created",
          title: t("f.created_at"),
          cell: (e) => <Time at={e.created_at} />,
          sort: "created_at",
          hidden: true,
        },
      ]}
      load={async ({ tab: _, ...search }) =>
        (await ask<Page<Endpoint>>(PATH, { ...search, size: "50" })) ?? { items: [] }
      }
      totals={({ tab: _, ...search }) => ask(`${PATH}/totals`, search)}
      detail={(_, e) => e && <Detail of={e} />}
      detailTitle={(e, id) => e?.organisation ?? id}
      empty={{
        title: t("dev.no_hooks"),
        text: t("platform.no_hooks_text"),
        action: <Go needs="partners.read" page="customers" label={t("nav.customers")} />,
      }}
    />
  );
}

function Detail({ of }: { of: Endpoint }) {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  const to = (status: string) => (
    <Link
      to="/c/$org/dev"
      params={{ org: me.mall.slug }}
      search={{ tab: "deliveries", endpoint_id: of.id, status }}
    >
      {word("delivery", status)}
    </Link>
  );
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.address"), <CopyCode key="u" text={of.url} />],
          [t("platform.company"), of.organisation],
          [t("f.status"), <StatusTag key="s" kind="webhook_endpoint_state" code={of.state} />],
          !!of.state_reason && [t("f.reason"), of.state_reason],
          [t("dev.failures"), of.failures],
          !!of.failing_since && [t("dev.failing"), <Time key="f" at={of.failing_since} />],
          [t("platform.delivered"), of.delivered],
          [t("platform.waiting"), of.waiting],
          [t("platform.oldest"), <Time key="o" at={of.oldest_waiting_at} />],
          [t("platform.dead"), of.dead],
        ]}
      />
      <Part title={t("dev.deliveries")}>
        <p className="acts">
          {to("waiting")} {to("delivered")} {to("dead")}
        </p>
      </Part>
    </>
  );
}
