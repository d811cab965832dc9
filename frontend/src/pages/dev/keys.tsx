import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { nameIn, useBuyers } from "@/api/names";
import { useMay, useMe } from "@/api/session";
import {
  AskButton,
  Button,
  type Column,
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  Input,
  type Page,
  Part,
  StatusTag,
  TextArea,
  Time,
  useAct,
  useListState,
} from "@/ui";
import { useRoot } from "./audience";
import { useSandbox } from "./mode";
import { sample, TRIES } from "./sample";
import { SupplyOperations } from "./supply";

type Key = Of<"KeyOut">;

const SCOPES = [
  ["orders:write", "dev.scope.orders_write"],
  ["orders:read", "dev.scope.orders_read"],
  ["codes:read", "dev.scope.codes_read"],
  ["catalog:read", "dev.scope.catalog_read"],
  ["balance:read", "dev.scope.balance_read"],
  ["webhooks:write", "dev.scope.webhooks_write"],
] as const;
const MODES = [
  ["live", "mode.live", "dev.mode_live"],
  ["test", "mode.test", "dev.mode_test"],
] as const;
const SUPPLY_SCOPES = [
  ["supply:provide", "supply.scope_provide"],
  ["webhooks:write", "dev.scope.webhooks_write"],
] as const;

/** Keys of programs: made, rotated, revoked. A secret is shown once. */
export function Keys() {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const company = nameIn(useBuyers());
  const supplier = useMay()("own.supply.write");
  const sandbox = useSandbox() && !supplier;
  const [search] = useListState();
  const [shown, setShown] = useState<{ id: string; secret: string }>();
  const columns: Column<Key>[] = [
    { id: "name", title: t("f.name"), cell: (k) => k.name, value: (k) => k.name },
    { id: "state", title: t("f.status"), cell: (k) => <StatusTag kind="key" code={stateOf(k)} /> },
    { id: "id", title: t("f.key"), cell: (k) => <CopyCode text={k.id} /> },
    { id: "scopes", title: t("dev.scopes"), cell: (k) => <span className="wrap">{k.scopes.join(" ")}</span> },
    { id: "ip", title: t("dev.addresses"), cell: (k) => k.ip_allow.join(", ") || t("dev.anywhere") },
    { id: "company", title: t("f.buyer"), cell: (k) => company(k.organisation_id), hidden: own },
    {
      id: "created_at",
      title: t("f.created_at"),
      cell: (k) => <Time at={k.created_at} />,
      value: (k) => k.created_at,
    },
  ];
  return (
    <>
      {shown && <Secret id={shown.id} secret={shown.secret} close={() => setShown(undefined)} />}
      {own && <Issue show={setShown} sandbox={sandbox} />}
      {sandbox && search.mode === "test" && <p className="test-bar">{t("dev.test_keys")}</p>}
      <DataTable<Key>
        id="dev-keys"
        label={t("dev.keys")}
        rowKey={(k) => k.id}
        columns={columns}
        filters={
          sandbox
            ? [{ id: "mode", label: t("dev.mode"), choices: [{ value: "test", label: t("mode.test") }] }]
            : []
        }
        load={async ({ cursor, mode }) =>
          (await ask<Page<Key>>(`${root}/keys`, { cursor, mode, size: "50" })) ?? { items: [] }
        }
        detail={(_, k) => k && <Detail held={k} show={setShown} />}
        detailTitle={(k, id) => k?.name ?? id}
        empty={{ title: t("dev.no_keys"), text: t("dev.no_keys_text") }}
      />
      {supplier && <SupplyOperations />}
    </>
  );
}

function stateOf(key: Key): string {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) < Date.now() ? "expired" : "active";
}

function Secret({ id, secret, close }: { id: string; secret: string; close: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const supplier = useMay()("own.supply.write");
  const text = sample(location.origin, id, secret, supplier ? TRIES.supplier : TRIES.buyer);
  return (
    <div className="part" role="alert" data-testid="secret">
      {id.startsWith("ck_test_") && <p className="test-bar">{t("dev.test_key")}</p>}
      <header>
        <h2>{t("dev.secret")}</h2>
        <Button onClick={close}>{t("close")}</Button>
      </header>
      <p className="tag warn">{t("dev.secret_text")}</p>
      <Descriptions
        pairs={[
          [t("f.key"), <CopyCode key="k" text={id} />],
          [t("dev.secret"), <CopyCode key="s" text={secret} />],
        ]}
      />
      <h3>{t("dev.try")}</h3>
      <pre className="wrap" data-testid="sample">
        {text}
      </pre>
      <Button
        data-testid="copy-sample"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? t("copied") : t("dev.copy_sample")}
      </Button>
    </div>
  );
}

function Issue({
  show,
  sandbox,
}: {
  show: (made: { id: string; secret: string }) => void;
  sandbox: boolean;
}) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<"live" | "test">("live");
  const [name, setName] = useState("");
  const [networks, setNetworks] = useState("");
  const supplier = useMay()("own.supply.write");
  const [scopes, setScopes] = useState<readonly string[]>(
    supplier ? ["supply:provide"] : ["orders:write", "orders:read", "catalog:read", "balance:read"],
  );
  const issue = useAct(() => {
    const body = {
      name: name.trim(),
      scopes: [...scopes],
      ip_allow: networks.split(/[\s,]+/).filter(Boolean),
    };
    return got(
      supplier
        ? api.POST("/console/v1/own/supply-keys", { body })
        : api.POST("/console/v1/own/keys", { body: { ...body, mode } }),
    );
  }, "dev-keys");
  const toggle = (scope: string): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <p className="acts gap">
      <AskButton
        primary
        label={t("dev.issue")}
        effect={
          supplier ? t("dev.issue_supplier") : mode === "test" ? t("dev.issue_test") : t("dev.issue_text")
        }
        ready={!!name.trim() && scopes.length > 0}
        testid="issue"
        run={async () => {
          show(await issue.mutateAsync(undefined));
          setName("");
        }}
      >
        <label className="field">
          <span>{t("f.name")}</span>
          <Input
            name="key-name"
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {sandbox && (
          <fieldset className="field">
            <legend>{t("dev.mode")}</legend>
            {MODES.map(([one, name, text]) => (
              <label key={one}>
                <input
                  type="radio"
                  name="key-mode"
                  value={one}
                  checked={mode === one}
                  onChange={() => setMode(one)}
                />{" "}
                {t(name)} <span className="muted">· {t(text)}</span>
                <br />
              </label>
            ))}
          </fieldset>
        )}
        <fieldset className="field">
          <legend>{t("dev.scopes")}</legend>
          {(supplier ? SUPPLY_SCOPES : SCOPES).map(([scope, word]) => (
            <label key={scope}>
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />{" "}
              {t(word)} <code>{scope}</code>
              <br />
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>{t("dev.addresses_ask")}</span>
          <TextArea value={networks} onChange={(event) => setNetworks(event.target.value)} />
        </label>
      </AskButton>
    </p>
  );
}

function Detail({ held, show }: { held: Key; show: (made: { id: string; secret: string }) => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const supplier = may("own.supply.write");
  const { own } = useRoot();
  const params = { path: { key_id: held.id } };
  const rotate = useAct(async () => {
    const body = { overlap_s: 86_400 };
    const made = own
      ? await got(api.POST("/console/v1/own/keys/{key_id}/rotate", { params, body }))
      : await got(api.POST("/console/v1/keys/{key_id}/rotate", { params, body }));
    if (made.secret) show({ id: made.id, secret: made.secret });
  }, "dev-keys");
  const revoke = useAct(
    () =>
      own
        ? got(api.POST("/console/v1/own/keys/{key_id}/revoke", { params }))
        : got(api.POST("/console/v1/keys/{key_id}/revoke", { params })),
    "dev-keys",
  );
  return (
    <>
      {!held.revoked_at && (may("own.keys.write") || may("keys.write")) && (
        <div className="acts">
          <AskButton
            label={t("dev.rotate")}
            effect={t("dev.rotate_text")}
            testid="rotate"
            run={() => rotate.mutateAsync(undefined)}
          />
          <DangerConfirm
            label={t("dev.revoke")}
            effect={t("dev.revoke_text")}
            type={held.id.slice(-6)}
            testid="revoke"
            run={() => revoke.mutateAsync(undefined)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.key"), <CopyCode key="k" text={held.id} />],
          [t("f.status"), <StatusTag key="s" kind="key" code={stateOf(held)} />],
          [t("dev.scopes"), held.scopes.join(" ")],
          [t("dev.addresses"), held.ip_allow.join(", ") || t("dev.anywhere")],
          held.old_secret_until ? [t("dev.old_until"), <Time key="o" at={held.old_secret_until} />] : null,
          held.expires_at ? [t("f.expires_at"), <Time key="e" at={held.expires_at} />] : null,
        ]}
      />
      {!supplier && (
        <Part title={t("dev.calls")}>
          <p>
            <Link to="/c/$org/dev" params={{ org: me.mall.slug }} search={{ tab: "calls", key_id: held.id }}>
              {t("dev.key_calls")}
            </Link>
          </p>
        </Part>
      )}
    </>
  );
}
