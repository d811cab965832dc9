import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { Bones, FaultNote, IconGood, IconWarn, Money, Part, Screen, Small, Time } from "@/ui";

type Home = Of<"MySupplyOut">;
const percent = (bp: number | null | undefined): string =>
  bp === null || bp === undefined ? "–" : `${(bp / 100).toFixed(1)}%`;

export default function SupplierHome() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ["supply", "home"],
    queryFn: () => got(api.GET("/console/v1/own/supply")),
    refetchInterval: 30_000,
  });
  return (
    <Screen title={t("nav.workbench")} text={t("supply.home_text", { name: me.organisation.name })}>
      <FaultNote error={error} retry={() => void refetch()} />
      {data ? <Told home={data} /> : !error && <Bones />}
    </Screen>
  );
}

function Told({ home }: { home: Home }) {
  const { t } = useTranslation();
  const me = useMe();
  const said = useSaid();
  const org = { params: { org: me.mall.slug } };
  const due = home.due.filter((one) => Number(one.due.amount) !== 0);
  return (
    <>
      <div className="cards">
        <Link
          to="/c/$org/asked"
          {...org}
          search={{}}
          className={home.requests ? "todo" : "todo none"}
          data-testid="home-asked"
        >
          <strong>{home.requests}</strong>
          <span>
            {home.requests ? <IconWarn aria-hidden /> : <IconGood aria-hidden />} {t("nav.asked")}
          </span>
          <small>
            {home.oldest_at ? (
              <>
                {t("supply.oldest")} <Time at={home.oldest_at} near />
              </>
            ) : (
              t("supply.no_asked")
            )}
          </small>
        </Link>
        <Link
          to="/c/$org/my-offers"
          {...org}
          search={{ status: "held" }}
          className={home.held_costs ? "todo" : "todo none"}
        >
          <strong>{home.held_costs}</strong>
          <span>{t("supply.held_costs")}</span>
          <small>{t("supply.held_costs_text")}</small>
        </Link>
        <Link to="/c/$org/my-links" {...org} search={{}} className="todo none">
          <strong>{percent(home.compared.success_bp)}</strong>
          <span>{t("supply.success")}</span>
          <small>
            {home.compared.peers_bp === null
              ? t("supply.peers_few")
              : t("supply.peers", { share: percent(home.compared.peers_bp), count: home.compared.peers })}
          </small>
        </Link>
        <Link to="/c/$org/my-settlement" {...org} search={{}} className="todo none" data-testid="home-due">
          <strong>
            {due.length ? due.map((one) => <Money key={one.connection_id} value={one.due} />) : "0"}
          </strong>
          <span>{t("supply.due")}</span>
          <small>{t("supply.due_text")}</small>
        </Link>
      </div>
      <Part title={t("supply.cover")}>
        <Small
          rows={home.cover}
          keyOf={(one) => one.offer_id}
          none={t("supply.cover_none")}
          columns={[
            [t("supply.article"), (one) => one.good_name || one.good_id],
            [t("f.sku"), (one) => said({ zh: one.sku_zh, en: one.sku_en })],
            [t("supply.left"), (one) => one.left ?? "–", "end"],
            [t("supply.sold_week"), (one) => one.sold, "end"],
            [t("supply.lasts"), (one) => (one.days === null ? "–" : t("days", { count: one.days })), "end"],
          ]}
        />
      </Part>
    </>
  );
}
