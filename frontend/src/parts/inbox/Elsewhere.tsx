import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useSaid } from "@/i18n";
import { CopyCode, Descriptions, Money, Time } from "@/ui";

type Item = Of<"InboxItemOut">;

// Where the other kinds are decided.
const PLACES = {
  price_proposal: { to: "prices", search: { tab: "proposals" } },
  restock: { to: "restock", search: {} },
  paper: { to: "suppliers", search: { tab: "papers" } },
  purchase: { to: "purchases", search: {} },
} as const;

export function Elsewhere({ row }: { row: Item }) {
  const { t } = useTranslation();
  const me = useMe();
  const said = useSaid();
  const place = row.kind === "approval" ? undefined : PLACES[row.kind];
  return (
    <>
      <Descriptions
        pairs={[
          [t("approvals.about"), said({ zh: row.title_zh, en: row.title_en }) || row.subject],
          [t("f.subject"), <CopyCode key="s" text={row.subject} />],
          [t("f.amount"), row.amount ? <Money key="a" value={row.amount} /> : "–"],
          [t("f.since"), <Time key="t" at={row.at} />],
        ]}
      />
      {place && (
        <p>
          <Link
            to={`/c/$org/${place.to}`}
            params={{ org: me.mall.slug }}
            search={{ ...place.search, open: row.id }}
          >
            {t("approvals.there")}
          </Link>
        </p>
      )}
    </>
  );
}
