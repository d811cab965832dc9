import { useTranslation } from "react-i18next";
import { IconGood } from "@/ui";

/** The badge of genuine goods, with what it says in its title; `told`: beside it, where there is room. */
export function Genuine({ is, told }: { is: boolean; told?: boolean }) {
  const { t } = useTranslation();
  if (!is) return told ? <span className="muted">{t("genuine.none")}</span> : null;
  return (
    <>
      <span className="tag good" title={t("genuine.text")} data-testid="genuine">
        <IconGood aria-hidden /> {t("genuine.badge")}
      </span>
      {told && <small className="muted"> {t("genuine.text")}</small>}
    </>
  );
}
