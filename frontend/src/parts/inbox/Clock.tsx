import { useTranslation } from "react-i18next";
import { Time } from "@/ui";

/** How long somebody has to decide; told by words too when the time is over. */
export function Clock({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation();
  if (!at) return <span className="muted">–</span>;
  const late = Date.parse(at) < Date.now();
  return (
    <span className={late ? "tag bad" : undefined}>
      {late && `${t("approvals.late")} `}
      <Time at={at} near />
    </span>
  );
}
