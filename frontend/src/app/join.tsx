import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useSaid } from "@/i18n";
import { FaultNote } from "@/ui/FaultNote";
import { Bones, Input } from "@/ui/fields";
import { Button } from "@/ui/kit";
import { Looks } from "./looks";
import { Brand } from "./mark";

// Behind the #, because that part is sent nowhere; read once, for the address is cleaned of it.
const token = location.hash.slice(1);

export default function Join() {
  const { t } = useTranslation();
  const said = useSaid();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const { data, error } = useQuery({
    queryKey: ["join"],
    retry: false,
    queryFn: () => got(api.POST("/console/v1/join/look", { body: { token: token || "-" } })),
  });
  useEffect(() => {
    document.title = `${t("join.title")} · Commissary`;
    if (location.hash) window.history.replaceState(window.history.state, "", location.pathname);
  }, [t]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(undefined);
    try {
      const body = { token, password, name: name.trim() || (data?.email ?? "") };
      const done = await got(api.POST("/console/v1/join", { body }));
      await navigate({ to: "/login", search: { mall: done.slug, email: done.email } });
    } catch (no) {
      setFault(no);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="login">
      <div className="card">
        <Brand />
        <h1>{t("join.title")}</h1>
        <FaultNote error={error ?? fault} />
        {!data && !error && <Bones rows={4} />}
        {data && (
          <form className="signin" onSubmit={(event) => void submit(event)}>
            <p>
              {t("join.text", {
                organisation: data.organisation,
                mall: data.mall,
                role: said({ zh: data.role_zh, en: data.role_en }),
              })}
            </p>
            <label className="field">
              <span>{t("login.email")}</span>
              <Input value={data.email} name="email" type="email" disabled autoComplete="username" />
            </label>
            {!data.known && (
              <label className="field">
                <span>{t("f.name")}</span>
                <Input
                  value={name}
                  name="name"
                  required
                  maxLength={200}
                  autoComplete="name"
                  onChange={(event) => setName(event.target.value)}
                />
              </label>
            )}
            <label className="field">
              <span>{data.known ? t("join.known") : t("join.password")}</span>
              <Input
                value={password}
                name="password"
                type="password"
                required
                minLength={data.known ? 1 : 10}
                autoComplete={data.known ? "current-password" : "new-password"}
                onChange={(event) => setPassword(event.target.value)}
              />
            </label>
            <Button type="primary" htmlType="submit" block loading={busy} data-testid="join">
              {t("join.enter")}
            </Button>
          </form>
        )}
      </div>
      <Looks />
    </main>
  );
}
