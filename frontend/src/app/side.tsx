import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDesk } from "@/api/desk";
import { useMay, useMe } from "@/api/session";
import { useWaiting } from "./live";
import { arranged, GROUPS, open, type Page } from "./nav";

/** The menu: in its groups, or what a line of business does first, and the groups of all else below "more". */
export function Side({ went }: { went: () => void }) {
  const { t } = useTranslation();
  const { first, rest } = arranged(open(useMay()), useDesk()?.menu ?? []);
  const waiting = useWaiting();
  const at = useLocation({ select: (now) => now.pathname.split("/")[3] || "workbench" });
  const groups = GROUPS.map((group) => {
    const here = rest.filter((page) => page.group === group);
    return here.length === 0 ? null : (
      <section key={group}>
        <h2>{t(`pages.${group}`)}</h2>
        <Links pages={here} waiting={waiting} went={went} />
      </section>
    );
  });
  return (
    <nav className="side" aria-label={t("menu")}>
      {first.length === 0 ? (
        groups
      ) : (
        <>
          <section data-testid="first-pages">
            <h2>{t("pages.first")}</h2>
            <Links pages={first} waiting={waiting} went={went} />
          </section>
          {rest.length > 0 && (
            <details open={rest.some((page) => page.id === at)} data-testid="more-pages">
              <summary>{t("pages.more")}</summary>
              {groups}
            </details>
          )}
        </>
      )}
    </nav>
  );
}

function Links({ pages, waiting, went }: { pages: Page[]; waiting: number; went: () => void }) {
  const { t } = useTranslation();
  const org = useMe().mall.slug;
  return pages.map(({ id, icon: Icon }) => (
    <Link
      key={id}
      to={id === "workbench" ? "/c/$org" : `/c/$org/${id}`}
      params={{ org }}
      search={{}}
      activeOptions={{ exact: id === "workbench", includeSearch: false }}
      data-page={id}
      onClick={went}
    >
      <Icon aria-hidden /> {t(`nav.${id}`)}
      {id === "inbox" && waiting > 0 && (
        <span className="badge" data-testid="waiting">
          {waiting > 99 ? "99+" : waiting}
          <span className="unseen"> {t("approvals.badge")}</span>
        </span>
      )}
    </Link>
  ));
}
