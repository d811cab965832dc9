import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { JournalLink } from "@/parts/JournalLink";
import { useAccountName } from "@/parts/money/account";
import { CopyCode, Money, type Page, Part, Small, Time } from "@/ui";

type Side = Of<"SideOut">;

/** What an order moved, with who gave and who got, and what is held for it. */
export function Funds({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const nameOf = useAccountName();
  const { id } = data.order;
  const moved = useQuery({
    queryKey: ["orders", "funds", id],
    queryFn: () =>
      ask<Page<Of<"JournalOut">>>("/console/v1/journal", { order_id: id, sort: "at", size: "200" }),
  });
  const side = (one: Side | undefined) =>
    one && (
      <>
        {one.owner} <span className="muted">{nameOf(one, one.department)}</span>
      </>
    );
  return (
    <>
      <Part title={t("order.transfers")} actions={<JournalLink search={{ order_id: id }} />}>
        <Small
          of={moved}
          rows={moved.data?.items ?? []}
          keyOf={(one) => one.id}
          none={t("orders.no_transfers")}
          columns={[
            [t("f.kind"), (one) => word("transfer", one.kind)],
            [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
            [t("funds.giver"), (one) => side(one.entries[0])],
            [t("funds.getter"), (one) => side(one.entries[1])],
            [t("f.at"), (one) => <Time at={one.at} />],
            [t("f.id"), (one) => <CopyCode text={one.id} short />],
          ]}
        />
      </Part>
      <Part title={t("order.holds")}>
        <Small
          rows={data.holds ?? []}
          keyOf={(one) => one.id}
          none={t("order.no_holds")}
          columns={[
            [t("f.held"), (one) => <Money value={one.amount} />, "end"],
            [t("order.captured"), (one) => <Money value={one.captured} />, "end"],
            [t("order.released"), (one) => <Money value={one.released} />, "end"],
            [t("f.at"), (one) => <Time at={one.at} />],
            [t("f.id"), (one) => <CopyCode text={one.id} short />],
          ]}
        />
      </Part>
    </>
  );
}
