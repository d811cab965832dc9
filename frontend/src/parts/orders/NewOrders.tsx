import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { News } from "@/ui/News";

/** Orders that came meanwhile. */
export function NewOrders({ again }: { again: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  useLive("orders", (told) => setCount((now) => now + told.placed));
  if (!count) return null;
  return (
    <News
      testid="new-orders"
      text={t("news.orders", { count })}
      show={() => {
        setCount(0);
        again();
      }}
    />
  );
}
