import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { Part } from "@/ui";

/** Why risk holds an order: what who decides about it has to know first. */
export function Held({ data }: { data: Of<"CaseOut"> }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const said = useSaid();
  const decision = data.decisions?.find((one) => one.verdict === "review");
  if (!decision || !may("risk.read") || !data.lines.some((line) => line.status === "review")) return null;
  return (
    <Part
      title={t("risk.held")}
      actions={
        <Link
          to="/c/$org/risk"
          params={{ org: me.mall.slug }}
          search={{ open: decision.id }}
          data-testid="decision"
        >
          {t("risk.decision")}
        </Link>
      }
    >
      <ul data-testid="held">
        {decision.hits.map((hit) => (
          <li key={hit.rule_id}>{said({ zh: hit.text_zh, en: hit.text_en })}</li>
        ))}
      </ul>
    </Part>
  );
}
