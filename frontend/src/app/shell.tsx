import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ended, got, keepTabMode } from "@/api/client";
import { useRoleName } from "@/api/roles";
import { actFor, meQuery, switchMode, useMay, useMe } from "@/api/session";
import { useAct } from "@/ui/act";
import { IconHelp, IconMenu, IconOut, IconSearch } from "@/ui/icons";
import { Button, Modal } from "@/ui/kit";
import { Bell } from "./bell";
import { Help } from "./help";
import { useKeys } from "./keys";
import { Looks } from "./looks";
import { Brand } from "./mark";
import { Offline } from "./offline";
import { Palette } from "./palette";
import { Side } from "./side";
import { SignInForm } from "./signin";
import { StepUp } from "./stepup";
import { Waiting } from "./waiting";

export default function Shell() {
  const { data } = useQuery(meQuery);
  if (!data) return <Waiting />;
  return (
    <>
      {data.flags.must_enrol ? <MustEnrol /> : <Inside />}
      <StepUp />
      <AgainSignIn />
    </>
  );
}

function Inside() {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const me = useMe();
  const leave = useLeave();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  useKeys({ palette: () => setPalette(true), help: () => setHelp(true) });
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
          <ActsFor />
          <ModeSwitch />
        </span>
        <button
          type="button"
          className="finder"
          title={t("palette.open")}
          aria-keyshortcuts="Control+K"
          data-testid="palette"
          onClick={() => setPalette(true)}
        >
          <IconSearch aria-hidden /> <span>{t("palette.open")}</span> <kbd>Ctrl K</kbd>
        </button>
        <Bell />
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
          <small>{roleName(me.person.role)}</small>
        </span>
        <Button
          type="text"
          aria-label={t("leave")}
          title={t("leave")}
          icon={<IconOut aria-hidden />}
          onClick={() => void leave()}
        />
      </header>
      <Side went={() => setMenu(false)} />
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
    </div>
  );
}

const Factors = lazy(() => import("@/parts/Factors"));

/** The mall demands a second factor that he has not: that comes before anything else. */
function MustEnrol() {
  const { t } = useTranslation();
  const me = useMe();
  const leave = useLeave();
  return (
    <main className="login enrol">
      <div className="card">
        <Brand />
        <h1>{t("signing.must_enrol")}</h1>
        <p className="muted">{t("signing.must_enrol_text", { mall: me.mall.name })}</p>
        <Suspense fallback={<Waiting />}>
          <Factors />
        </Suspense>
        <Button type="text" onClick={() => void leave()}>
          {t("leave")}
        </Button>
      </div>
      <Looks />
    </main>
  );
}

function useLeave(): () => Promise<void> {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return async () => {
    await got(api.DELETE("/console/v1/sessions/current"));
    keepTabMode(null);
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith("draft.")) sessionStorage.removeItem(key);
    await navigate({ to: "/login" });
    queries.clear();
  };
}

/** For which organisation he acts, and the others that he belongs to. */
function ActsFor() {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct(actFor);
  if (me.memberships.length < 2 || me.mall.is_test)
    return me.organisation.kind === "mall" ? null : (
      <span className="muted wide">{me.organisation.name}</span>
    );
  return (
    <select
      className="acts-for"
      data-testid="acts-for"
      aria-label={t("signing.pick")}
      value={me.organisation.id}
      disabled={act.isPending}
      onChange={(event) => act.mutate(event.target.value)}
    >
      {me.memberships.map((one) => (
        <option key={one.organisation_id} value={one.organisation_id}>
          {one.name}
        </option>
      ))}
    </select>
  );
}

/** Live or test, for who has a sandbox to switch to. */
function ModeSwitch() {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct((mode: "live" | "test") => switchMode(mode));
  const may = useMay();
  const there = me.flags.sandbox && (may("sandbox.read") || may("own.keys.write"));
  if (!there && !me.mall.is_test) return null;
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
        mall={me.signs_in_to}
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
