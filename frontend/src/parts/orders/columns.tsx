import { useTranslation } from "react-i18next";
import { useBuyerName } from "@/api/names";
import { useSaid, useWord } from "@/i18n";
import { type Column, CopyCode, Money, StatusTag, Time } from "@/ui";

export interface OrderRow {
  id: string;
  order_no: string;
  client_order_no: string;
  buyer_id: string;
  buyer_name?: string | null;
  status: string;
  reason?: string;
  total: { amount: string; currency: string };
  verdict?: string;
  lines?: {
    sku_id: string;
    name_zh: string | null;
    name_en: string | null;
    quantity: number;
    delivered: number;
  }[];
  created_at?: string;
  placed_at?: string;
}

/** What is shown of an order in a list of them. */
export function useOrderColumns(): Column<OrderRow>[] {
  const { t } = useTranslation();
  const word = useWord();
  const buyerName = useBuyerName();
  const said = useSaid();
  const goods = (o: OrderRow) =>
    (o.lines ?? [])
      .map(
        (one) => `${said({ zh: one.name_zh ?? "", en: one.name_en ?? "" }) || one.sku_id} × ${one.quantity}`,
      )
      .join(", ");
  return [
    { id: "order_no", title: t("f.order_no"), cell: (o) => o.order_no },
    { id: "status", title: t("f.status"), cell: (o) => <StatusTag kind="order" code={o.status} /> },
    { id: "total", title: t("f.total"), cell: (o) => <Money value={o.total} />, end: true, sort: "amount" },
    { id: "buyer", title: t("f.buyer"), cell: (o) => o.buyer_name ?? buyerName(o.buyer_id) },
    {
      id: "placed_at",
      title: t("f.placed_at"),
      cell: (o) => <Time at={o.created_at ?? o.placed_at} />,
      sort: "created_at",
    },
    { id: "goods", title: t("f.goods"), cell: (o) => <span title={goods(o)}>{goods(o) || "–"}</span> },
    {
      id: "verdict",
      title: t("f.verdict"),
      cell: (o) => <StatusTag kind="verdict" code={o.verdict} />,
      hidden: true,
    },
    {
      id: "client_order_no",
      title: t("f.client_order_no"),
      cell: (o) => <CopyCode text={o.client_order_no} />,
    },
    { id: "reason", title: t("f.reason"), cell: (o) => word("reason", o.reason), hidden: true },
    { id: "id", title: t("f.id"), cell: (o) => <CopyCode text={o.id} />, hidden: true },
  ];
}
