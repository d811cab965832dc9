import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { type Department, spentShare, useDepartments } from "@/parts/enterprise/departments";
import { RequestTag } from "@/parts/enterprise/requests";
import { Bones, EmptyState, FaultNote, Money, moneyText, Part, Screen, Small, StatusTag, Time } from "@/ui";

/** Budget by department, and what waits for whoever looks. */
export default function Company() {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const { data, error, refetch } = useDepartments();
  const company = data?.company;
  return (
    <Screen title={t("nav.company")} text={t("enterprise.home_text", { name: me.organisation.name })}>
      <FaultNote error={error} retry={() => void refetch()} />
      {!data && !error && <Bones rows={6} />}
      {data && (
        <div className="cards">
          {company && (
            <div className="todo" data-testid="company-wallet">
              <strong>{company.available && moneyText(company.available)}</strong>
              <span>{t("enterprise.wallet")}</span>
              <small>{t("enterprise.wallet_text")}</small>
            </div>
          )}
          {data.items
            .filter((one) => one.status === "open")
            .map((one) => (
              <Budget key={one.id} one={one} />
            ))}
        </div>
      )}
      {data?.items.length === 0 && (
        <EmptyState
          title={t("enterprise.no_departments")}
          text={t(
            may("own.departments.write")
              ? "enterprise.no_departments_text"
              : "enterprise.no_department_of_mine",
          )}
          action={
            may("own.departments.write") && (
              <Link to="/c/$org/departments" params={{ org: me.mall.slug }} search={{}} className="link">
                {t("enterprise.open")}
              </Link>
            )
          }
        />
      )}
      <Waiting />
    </Screen>
  );
}

function Budget({ one }: { one: Department }) {
  const { t } = useTranslation();
  const share = spentShare(one);
  return (
    <div className="todo" data-testid={`budget-${one.id}`}>
      <strong>{moneyText(one.available)}</strong>
      <span>
        {one.name}{" "}
        {Number(one.available.amount) <= 0 && <StatusTag kind="enterprise" code="used_up" tone="warn" />}
      </span>
      <small>
        {[one.spent, one.month_budget]
          .filter((one) => one !== null)
          .map((one) => moneyText(one))
          .join(" / ")}{" "}
        {t("enterprise.spent")}
      </small>
      {share !== null && (
        <progress aria-label={t("enterprise.share", { name: one.name })} value={share} max={100}>
          {share}%
        </progress>
      )}
    </div>
  );
}

function Waiting() {
  const { t } = useTranslation();
  const me = useMe();
  const waiting = useQuery({
    queryKey: ["requests", "home"],
    refetchInterval: 30_000,
    queryFn: () =>
      got(
        api.GET("/console/v1/own/requests", {
          params: { query: { whose: "all", status: ["asked"], size: 20 } },
        }),
      ),
  });
  return (
    <Part
      title={t("enterprise.waiting", { count: waiting.data?.to_decide ?? 0 })}
      actions={
        <Link to="/c/$org/requests" params={{ org: me.mall.slug }} search={{}} className="link">
          {t("enterprise.all_requests")}
        </Link>
      }
    >
      <Small
        of={waiting}
        rows={waiting.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("enterprise.nothing_waits")}
        columns={[
          [
            t("enterprise.asker"),
            (one) => (
              <Link
                to="/c/$org/requests"
                params={{ org: me.mall.slug }}
                search={{ tab: "all", open: one.id }}
                className="link"
              >
                {one.asker}
              </Link>
            ),
          ],
          [t("enterprise.department"), (one) => one.department],
          [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
          [t("f.status"), (one) => <RequestTag one={one} />],
          [t("enterprise.asked_at"), (one) => <Time at={one.asked_at} near />],
        ]}
      />
    </Part>
  );
}
