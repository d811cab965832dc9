import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { useSandbox } from "@/parts/dev/mode";
import { type Page, Part, Pending, Select, useListState } from "@/ui";
import { OneOperation } from "./OneOperation";
import { Secret } from "./Secret";
import { holds } from "./secrets";
import type { Index } from "./types";

/** Every operation with the reader's own test key in its samples, to be copied or tried from here. */
export function Reference() {
  const { t, i18n } = useTranslation();
  const { root } = useRoot();
  const test = useMe().mode === "test";
  const there = useSandbox() || test;
  const [search, set] = useListState();
  const lang = i18n.language.startsWith("zh") ? undefined : "en";
  const index = useQuery({
    queryKey: ["docs", "index", lang],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => ask<Index>("/docs/reference.json", { lang }),
  });
  const keys = useQuery({
    queryKey: ["dev-keys", "test", root],
    enabled: there,
    queryFn: async () => {
      const found = await ask<Page<Of<"KeyListedOut">>>(`${root}/keys`, {
        mode: test ? "" : "test",
        size: "200",
      });
      return (found?.items ?? []).filter(
        (key) => !key.revoked_at && !(key.expires_at && Date.parse(key.expires_at) < Date.now()),
      );
    },
  });
  const all = (index.data?.groups ?? []).flatMap((group) =>
    group.operations.map((one) => ({ ...one, group: group.title })),
  );
  const now =
    all.find((one) => one.name === search.op) ?? all.find((one) => one.name === "placeorder") ?? all[0];
  const key =
    keys.data?.find((one) => one.id === search.key_id) ??
    keys.data?.find((one) => holds(one.id)) ??
    keys.data?.[0];
  return (
    <Part title={t("dev.ref.title")}>
      <p className="muted">{t("dev.ref.text")}</p>
      {keys.data?.length === 0 && (
        <p className="note" data-testid="no-test-key">
          {t("dev.ref.no_key")}{" "}
          <Link from="/c/$org/dev" to="." search={{ tab: "keys" }}>
            {t("dev.issue")}
          </Link>
        </p>
      )}
      <div className="acts gap">
        {key && (
          <label className="field">
            <span>{t("dev.ref.key")}</span>
            <Select
              value={key.id}
              data-testid="ref-key"
              choices={(keys.data ?? []).map((one) => ({
                value: one.id,
                label: `${one.name} · ${one.id.slice(-6)}`,
              }))}
              change={(id) => set({ key_id: id })}
            />
          </label>
        )}
        {key && <Secret key={key.id} id={key.id} />}
      </div>
      <Pending of={keys} rows={1} />
      <Pending of={index} />
      {now && (
        <label className="field">
          <span>{t("dev.route")}</span>
          <Select
            value={now.name}
            data-testid="ref-op"
            choices={all.map((one) => ({
              value: one.name,
              label: `${one.group} · ${one.method} ${one.path} · ${one.summary}`,
            }))}
            change={(op) => set({ op })}
          />
        </label>
      )}
      {now && <OneOperation key={now.name} name={now.name} id={key?.id} />}
    </Part>
  );
}
