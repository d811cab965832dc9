import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, CopyCode, Descriptions, FaultNote, Money, Part, Small, Time } from "@/ui";
import { useAccountName } from "./account";

/** One transfer with both its sides. */
export function TransferDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = useAccountName();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ["money-journal", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/journal/{transfer_id}", { params: { path: { transfer_id: id } } })),
  });
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return <Bones />;
  const least = data.entries.map((one) => (one.amount.amount.startsWith("-") ? one : null));
  return (
    <>
      <Descriptions
        pairs={[
          [t("f.kind"), word("transfer", data.kind)],
          [t("f.at"), <Time key="a" at={data.at} />],
          [t("f.amount"), <Money key="m" value={data.amount} />],
          data.reversed && [t("f.reversed"), <Money key="r" value={data.reversed} />],
          [t("f.order"), <OrderLink key="o" id={data.order_id} />],
          [t("money_form.reference"), data.reference],
          [t("f.memo"), data.memo],
          [t("f.id"), <CopyCode key="i" text={data.id} />],
        ]}
      />
      <Part title={t("f.entries")}>
        <Small
          rows={data.entries}
          keyOf={(one) => one.account_id}
          none=""
          columns={[
            [
              t("funds.account"),
              (one) => (
                <Link
                  to="/c/$org/money"
                  params={{ org: me.mall.slug }}
                  search={{ tab: "journal", account_id: one.account_id }}
                >
                  {one.owner} · {nameOf(one, one.department)}
                </Link>
              ),
            ],
            [t("funds.debit"), (one) => (least.includes(one) ? <Money value={data.amount} /> : ""), "end"],
            [t("funds.credit"), (one) => (least.includes(one) ? "" : <Money value={data.amount} />), "end"],
          ]}
        />
      </Part>
    </>
  );
}

export function OrderLink({ id }: { id: string | null }) {
  const me = useMe();
  const may = useMay();
  if (!id) return "–";
  if (!may("orders.read")) return <CopyCode text={id} short />;
  return (
    <Link
      to="/c/$org/orders"
      params={{ org: me.mall.slug }}
      search={{ q: id, open: id }}
      title={id}
      data-testid="to-order"
    >
      …{id.slice(-8)}
    </Link>
  );
}
