import { useTranslation } from "react-i18next";
import { useDesk } from "@/api/desk";
import { Cart } from "@/parts/buy/Cart";
import { OrderFiles } from "@/parts/OrderFiles";
import { Paste } from "@/parts/Paste";
import { PageTabs, Screen, useListState } from "@/ui";

/** Ordering by hand: a cart of goods, accounts pasted, or a file. */
export default function Buy() {
  const { t } = useTranslation();
  const [search] = useListState();
  const first = useDesk()?.defaults.buy_tab ?? "cart";
  const tab = search.tab ?? first;
  return (
    <Screen title={t("nav.buy")} text={t("own.buy.text")}>
      <PageTabs
        label={t("nav.buy")}
        first={first}
        tabs={[
          { id: "cart", label: t("own.buy.cart") },
          { id: "paste", label: t("own.buy.paste") },
          { id: "files", label: t("own.buy.files") },
        ]}
      />
      {tab === "paste" ? <Paste /> : tab === "files" ? <OrderFiles /> : <Cart />}
    </Screen>
  );
}
