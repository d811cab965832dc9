import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ended, got, keepTabMode } from "@/api/client";
import { meQuery, switchMode, useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { useAct } from "@/ui";
import { IconHelp, IconMenu, IconOut, IconSearch } from "@/ui/icons";
import { Button, Modal } from "@/ui/kit";
import { Help } from "./help";
import { useKeys } from "./keys";
import { Looks } from "./looks";
import { Brand } from "./mark";
import { GROUPS, open } from "./nav";
import { Offline } from "./offline";
import { Palette } from "./palette";
import { SignInForm } from "./signin";
import { Waiting } from "./waiting";
import { useServersWords } from "./words";

export default function Shell() {
  const { data } = useQuery(meQuery);
  return data ? <Inside /> : <Waiting />;
}

function Inside() {
  const { t } = useTranslation();
  const word = useWord();
  const me = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  useServersWords();
  useKeys({ palette: () => setPalette(true), help: () => setHelp(true) });
  const leave = async (): Promise<void> => {
    await got(api.DELETE("/console/v1/sessions/current"));
    keepTabMode(null);
    await navigate({ to: "/login" });
    queries.clear();
  };
  const pages = open(may);
  return (
    <div className={menu ? "shell menu" : "shell"}>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="top">
        <button
          type="button"
          className="plain burger"
          aria-label={t("menu")}
          aria-expanded={menu}
          onClick={() => setMenu(!menu)}
        >
          <IconMenu aria-hidden />
        </button>
        <Brand />
        <span className="org">
          <strong>{me.mall.name}</strong>
          <ModeSwitch />
        </span>
        <button type="button" className="finder" data-testid="palette" onClick={() => setPalette(true)}>
          <IconSearch aria-hidden /> <span>{t("palette.open")}</span> <kbd>Ctrl K</kbd>
        </button>
        <Looks />
        <Button
          type="text"
          className="wide"
          aria-label={t("help.title")}
          icon={<IconHelp aria-hidden />}
          onClick={() => setHelp(true)}
        />
        <span className="who wide">
          {me.person.name}
          <small>{word("role", me.person.role)}</small>
        </span>
        <Button
          type="text"
          aria-label={t("leave")}
          title={t("leave")}
          icon={<IconOut aria-hidden />}
          onClick={() => void leave()}
        />
      </header>
      <nav className="side" aria-label={t("menu")}>
        {GROUPS.map((group) => {
          const here = pages.filter((page) => page.group === group);
          return here.length === 0 ? null : (
            <section key={group}>
              <h2>{t(`pages.${group}`)}</h2>
              {here.map(({ id, icon: Icon }) => (
                <Link
                  key={id}
                  to={id === "workbench" ? "/c/$org" : `/c/$org/${id}`}
                  params={{ org: me.mall.slug }}
                  search={{}}
                  activeOptions={{ exact: id === "workbench", includeSearch: false }}
                  onClick={() => setMenu(false)}
                >
                  <Icon aria-hidden /> {t(`nav.${id}`)}
                </Link>
              ))}
            </section>
          );
        })}
      </nav>
      <main id="main" className="content">
        {me.mall.is_test && (
          <p className="test-bar" role="status">
            {t("mode.bar")}
          </p>
        )}
        <Offline />
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <Palette open={palette} close={() => setPalette(false)} />
      <Help open={help} close={() => setHelp(false)} />
      <AgainSignIn />
    </div>
  );
}

/** Live or test, for who has a sandbox to switch to. */
function ModeSwitch() {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct((mode: "live" | "test") => switchMode(mode));
  if (!me.flags.sandbox && !me.mall.is_test) return null;
  const test = me.mode === "test";
  const name = test ? t("mode.test") : t("mode.live");
  const asks = test ? t("mode.to_live") : t("mode.to_test");
  return (
    <button
      type="button"
      className={test ? "tag warn mode" : "tag mode"}
      data-testid="mode"
      disabled={act.isPending}
      title={asks}
      aria-label={`${name} · ${asks}`}
      onClick={() => act.mutate(test ? "live" : "test")}
    >
      {name}
    </button>
  );
}

/** The session has ended: he signs in over the page, which keeps what he had written. */
function AgainSignIn() {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const ask = (): void => setAsked(true);
    ended.addEventListener("ended", ask);
    return () => ended.removeEventListener("ended", ask);
  }, []);
  return (
    <Modal
      open={asked}
      title={t("login.again")}
      footer={null}
      zIndex={3000}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      destroyOnHidden
    >
      <p className="muted">{t("login.again_text")}</p>
      <SignInForm
        mall={me.signs_in_at}
        email={me.person.email}
        fixed
        done={async (now) => {
          queries.setQueryData(meQuery.queryKey, now);
          setAsked(false);
          await queries.invalidateQueries();
        }}
      />
    </Modal>
  );
}
