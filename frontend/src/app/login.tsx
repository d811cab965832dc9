import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { config, type Me, meQuery } from "@/api/session";
import { useWord } from "@/i18n";
import { Looks } from "./looks";
import { Brand } from "./mark";
import { Pick } from "./pick";
import { SignInForm } from "./signin";

/** What `commissary up` prints: #mall=…&email=…&password=…, behind the # because that part is sent nowhere. */
const shown = new URLSearchParams(location.hash.slice(1));

export default function Login() {
  const { t } = useTranslation();
  const word = useWord();
  const search = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: ["config"], queryFn: config, staleTime: Number.POSITIVE_INFINITY });
  useEffect(() => {
    document.title = `${t("login.title")} · Commissary`;
    if (location.hash)
      window.history.replaceState(window.history.state, "", location.pathname + location.search);
  }, [t]);
  const enter = async (me: Me): Promise<void> => {
    queries.clear();
    queries.setQueryData(meQuery.queryKey, me);
    const to = search.to?.startsWith(`/c/${me.mall.slug}`) ? search.to : undefined;
    if (to) router.history.push(`/console${to}`);
    else await navigate({ to: "/" });
  };
  const [several, setSeveral] = useState<Me>();
  const demo = data?.demo;
  return (
    <main className="login">
      <div className="card">
        <Brand />
        <h1>{several ? t("signing.pick") : t("login.title")}</h1>
        {several && <Pick me={several} done={enter} />}
        {!several && (
          <SignInForm
            mall={search.mall ?? shown.get("mall") ?? demo?.mall ?? ""}
            email={search.email ?? shown.get("email") ?? ""}
            password={shown.get("password") ?? ""}
            people={
              demo && {
                title: t("login.demo"),
                text: t("login.demo_text"),
                of: demo.people.map((one) => ({
                  email: one.email,
                  name: one.name,
                  role: word("role", one.role),
                })),
              }
            }
            done={(me) => (me.memberships.length > 1 ? setSeveral(me) : enter(me))}
          />
        )}
      </div>
      <Looks />
    </main>
  );
}
