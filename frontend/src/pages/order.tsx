import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { OrderDetail } from "@/parts/OrderDetail";
import { Screen } from "@/ui";
import { useHeard } from "@/ui/hold";

/** One order on a page of its own: the same as in the drawer, with the room of the window. */
export default function Order() {
  const { t } = useTranslation();
  useHeard("orders", "orders");
  const { id = "" } = useParams({ strict: false });
  return (
    <Screen title={t("f.order")} text={id}>
      <OrderDetail id={id} page />
    </Screen>
  );
}
