import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { Business } from "@/parts/Business";
import {
  Bones,
  creditLeft,
  Descriptions,
  EmptyState,
  FaultNote,
  IconGood,
  IconWarn,
  Money,
  moneyText,
  Part,
  Screen,
  StatusTag,
} from "@/ui";

type Standing = Of<"MyStandingOut">;

/** What a buyer's person looks at first: money, today, and what waits for somebody. */
export default function Home() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ["own", "standing"],
    refetchInterval: 30_000,
    queryFn: () => got(api.GET("/console/v1/own/standing")),
  });
  return (
    <Screen
      title={t("nav.workbench")}
      text={t("own.home.text", { name: me.organisation.name })}
      actions={<Business />}
    >
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones />}
      {data && (
        <>
          <Purse data={data} />
          <Part title={t("own.home.today")}>
            <Descriptions
              pairs={[
                [t("own.home.pieces"), data.today.pieces.toLocaleString()],
                [t("own.home.delivered"), data.today.delivered.toLocaleString()],
                [t("own.home.spent"), <Money key="s" value={data.today.amount} />],
                [t("own.home.margin"), <Money key="m" value={data.today.margin} />],
              ]}
            />
            <p className="muted below">{t("own.home.margin_text")}</p>
          </Part>
          <Alerts data={data} />
        </>
      )}
    </Screen>
  );
}

function Purse({ data }: { data: Standing }) {
  const { t } = useTranslation();
  const me = useMe();
  const link = { to: "/c/$org/funds" as const, params: { org: me.mall.slug }, search: {} };
  return (
    <div className="cards">
      <Link {...link} className="todo" data-testid="available">
        <strong>{moneyText(data.available)}</strong>
        <span>
          {data.low ? <IconWarn aria-hidden /> : <IconGood aria-hidden />} {t("own.home.available")}
        </span>
        <small>{data.low ? t("own.home.low") : t("own.home.available_text")}</small>
      </Link>
      <Link {...link} className="todo none">
        <strong>{moneyText(data.held)}</strong>
        <span>{t("own.home.held")}</span>
        <small>{t("own.home.held_text")}</small>
      </Link>
      <Link {...link} className="todo none">
        <strong data-testid="credit-left">{moneyText(creditLeft(data.credit_limit, data.available))}</strong>
        <span>{t("own.home.credit_left")}</span>
        <small>
          {t("own.home.credit_of", { limit: moneyText(data.credit_limit) })}{" "}
          <StatusTag kind="account" code={data.state} tone={data.state === "open" ? "good" : "warn"} />
        </small>
      </Link>
    </div>
  );
}

function Alerts({ data }: { data: Standing }) {
  const { t } = useTranslation();
  const me = useMe();
  const all = [
    {
      id: "own.alert.to_fix",
      text: "own.alert.to_fix_text",
      count: data.to_fix,
      page: "my-orders",
      search: { status: "processing" },
    },
    {
      id: "own.alert.review",
      text: "own.alert.review_text",
      count: data.waiting.review ?? 0,
      page: "my-orders",
      search: { status: "review" },
    },
    {
      id: "own.alert.processing",
      text: "own.alert.processing_text",
      count: data.waiting.processing ?? 0,
      page: "my-orders",
      search: { status: "processing" },
    },
    {
      id: "own.alert.failed",
      text: "own.alert.failed_text",
      count: data.failed_orders,
      page: "my-orders",
      search: { status: "failed" },
    },
    {
      id: "own.alert.endpoints",
      text: "own.alert.endpoints_text",
      count: data.failing_endpoints,
      page: "dev",
      search: { tab: "hooks" },
    },
    {
      id: "own.alert.dead",
      text: "own.alert.dead_text",
      count: data.dead_messages,
      page: "dev",
      search: { tab: "deliveries", status: "dead" },
    },
  ] as const;
  const here = all.filter((one) => one.count > 0);
  return (
    <Part title={t("own.home.waits")}>
      {here.length === 0 && <EmptyState title={t("own.home.nothing")} text={t("own.home.nothing_text")} />}
      <div className="cards">
        {here.map((one) => (
          <Link
            key={one.id}
            to={`/c/$org/${one.page}` as "/c/$org/my-orders"}
            params={{ org: me.mall.slug }}
            search={one.search as Record<string, string>}
            className="todo"
          >
            <strong>{one.count.toLocaleString()}</strong>
            <span>
              <IconWarn aria-hidden /> {t(one.id)}
            </span>
            <small>{t(one.text)}</small>
          </Link>
        ))}
      </div>
    </Part>
  );
}
