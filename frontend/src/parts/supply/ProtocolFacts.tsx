import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { Descriptions, Part } from "@/ui";

/** What may be relied on with suppliers of a protocol. */
export function ProtocolFacts({ of }: { of: Of<"ProtocolOut"> }) {
  const { t } = useTranslation();
  if (of.configured) return <p className="muted">{t("connect.by_form")}</p>;
  if (of.people) return <p className="muted">{t("connect.by_people")}</p>;
  const yes = (is: boolean | undefined): string => (is ? t("yes") : t("no"));
  return (
    <Part title={t("connect.facts")}>
      <Descriptions
        pairs={[
          [t("connect.idempotent"), yes(of.idempotent)],
          [t("connect.queries"), yes(of.queries)],
          [t("connect.callbacks"), yes(of.callbacks)],
          [t("connect.cancels"), yes(of.cancels)],
          [t("connect.pushes"), yes(of.pushes)],
          [t("connect.price_limit"), yes(!!of.price_limit)],
        ]}
      />
    </Part>
  );
}
