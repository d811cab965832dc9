import { useTranslation } from "react-i18next";
import { Time } from "@/ui";

/** When a key called last, and from where. */
export function LastUse({ of }: { of: { last_used_at?: string | null; last_used_ip?: string | null } }) {
  const { t } = useTranslation();
  if (!of.last_used_at) return <span className="muted">{t("platform.never")}</span>;
  return (
    <span className="two">
      <Time at={of.last_used_at} near />
      {of.last_used_ip && <small className="muted">{of.last_used_ip}</small>}
    </span>
  );
}
