import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useProtocols } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import { useListState } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";
import { FormGuide } from "./FormGuide";
import { ProtocolFacts } from "./ProtocolFacts";

type Connection = Of<"ConnectionOut">;
type Protocol = Of<"ProtocolOut">;

const values = (one?: Connection): Values => ({
  supplier_id: one?.supplier_id ?? "",
  protocol: one?.protocol ?? "",
  name: one?.name ?? "",
  base_url: one?.base_url ?? "",
  account: one?.account ?? "",
  secret: "",
  currency: one?.currency ?? "",
  settings: one && Object.keys(one.settings).length ? JSON.stringify(one.settings, null, 2) : "",
  provide_within_s: (one?.settings.provide_within_s as number | undefined) ?? 1800,
  at_once: one?.at_once ?? 16,
  pull_s: one?.pull_s ?? 300,
  quiet_s: one?.quiet_s ?? null,
  low_balance: one?.low_balance?.amount ?? "",
});

/** An account with a supplier: whose protocol, where, as whom; and of `form`, how he speaks. The key goes in and is never shown. */
export function ConnectionForm({ connection }: { connection?: Connection }) {
  const { t } = useTranslation();
  const may = useMay();
  const [, set] = useListState();
  const protocols = useProtocols();
  const fields = useFields(protocols, connection);
  if (!may("supply.write")) return null;
  const path = { connection_id: connection?.id ?? "" };
  return (
    <FormButton<Connection>
      name={connection ? `connection-${connection.id}` : "connection"}
      label={connection ? t("make.edit") : t("connect.new")}
      primary={!connection}
      wide
      touched={["connections", "names"]}
      fields={fields}
      first={values(connection)}
      version={connection?.version}
      codes={{
        connection_name_taken: "name",
        url_malformed: "base_url",
        url_not_https: "base_url",
        host_internal: "base_url",
        port_not_allowed: "base_url",
        address_not_public: "base_url",
        supplier_not_found: "supplier_id",
      }}
      fresh={
        connection &&
        (async () => {
          const now = await got(api.GET("/console/v1/connections/{connection_id}", { params: { path } }));
          return { values: values(now), version: now.version };
        })
      }
      send={(sent, { version }) => {
        const { protocol: _protocol, supplier_id: _supplier, currency: _currency, ...edit } = body(sent);
        return connection
          ? got(
              api.PUT("/console/v1/connections/{connection_id}", {
                params: { path },
                body: { ...edit, version } as unknown as Of<"ConnectionEdit">,
              }),
            )
          : got(api.POST("/console/v1/connections", { body: body(sent) as unknown as Of<"ConnectionIn"> }));
      }}
      done={(made) => !connection && set({ form: undefined, open: made.id })}
    >
      {(now, change) => {
        const chosen = protocols.find((one) => one.name === now.protocol);
        return (
          chosen && (
            <>
              {chosen.configured && (
                <FormGuide
                  text={String(now.settings ?? "")}
                  rules={chosen.rules ?? []}
                  change={(settings) => change({ settings })}
                />
              )}
              <ProtocolFacts of={chosen} />
            </>
          )
        );
      }}
    </FormButton>
  );
}

function body(sent: Values): Values {
  const { provide_within_s, ...rest } = sent;
  return provide_within_s === undefined ? rest : { ...rest, settings: { provide_within_s } };
}

function useFields(protocols: Protocol[], connection: Connection | undefined): Field[] {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  const of = (v: Values): Protocol | undefined => protocols.find((one) => one.name === v.protocol);
  const asked = (v: Values): boolean => !!of(v) && !of(v)?.people;
  const kept = connection !== undefined;
  return [
    {
      kind: "pick",
      name: "supplier_id",
      label: t("f.supplier"),
      must: true,
      half: true,
      fixed: kept,
      of: "supplier",
      empty: t("connect.no_supplier"),
    },
    {
      kind: "choice",
      name: "protocol",
      label: t("f.protocol"),
      must: true,
      half: true,
      fixed: kept,
      choices: protocols.map((one) => ({
        value: one.name,
        label: one.people ? t("connect.people") : one.configured ? t("connect.form") : one.name,
      })),
    },
    { kind: "text", name: "name", label: t("f.name"), must: true, most: 80, half: true },
    {
      kind: "text",
      name: "currency",
      label: t("connect.currency"),
      code: true,
      most: 3,
      example: currency,
      half: true,
      when: () => !kept,
    },
    {
      kind: "text",
      name: "base_url",
      label: t("f.address"),
      code: true,
      must: true,
      most: 500,
      example: "https://",
      when: asked,
    },
    {
      kind: "text",
      name: "account",
      label: t("f.account"),
      code: true,
      must: true,
      most: 200,
      half: true,
      when: asked,
    },
    {
      kind: "text",
      name: "secret",
      label: t("connect.secret"),
      secret: true,
      must: !kept,
      most: 4000,
      half: true,
      hint: kept ? t("connect.secret_kept") : t("connect.secret_hint"),
      when: asked,
    },
    {
      kind: "whole",
      name: "provide_within_s",
      label: t("connect.within"),
      least: 60,
      most: 604_800,
      unit: t("supply.seconds"),
      when: (v) => !!of(v)?.people,
    },
    {
      kind: "whole",
      name: "at_once",
      label: t("connect.at_once"),
      least: 1,
      most: 512,
      half: true,
      when: asked,
    },
    {
      kind: "whole",
      name: "pull_s",
      label: t("connect.pull"),
      least: 10,
      most: 86_400,
      unit: t("supply.seconds"),
      half: true,
      when: asked,
    },
    {
      kind: "whole",
      name: "quiet_s",
      label: t("connect.quiet"),
      least: 0,
      most: 86_400,
      unit: t("supply.seconds"),
      half: true,
      hint: t("connect.quiet_hint"),
      when: asked,
    },
    {
      kind: "money",
      name: "low_balance",
      label: t("connect.low_balance"),
      currency: connection?.currency ?? currency,
      half: true,
      when: asked,
    },
    {
      kind: "json",
      name: "settings",
      label: t("connect.settings"),
      hint: t("connect.settings_hint"),
      must: true,
      also: ["*"],
      example: protocols.find((one) => one.configured)?.example ?? undefined,
      when: (v) => !!of(v)?.configured,
    },
  ];
}
