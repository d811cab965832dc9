import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { KeyAddresses } from "@/parts/dev/KeyAddresses";
import { LastUse } from "@/parts/dev/LastUse";
import { Go } from "@/parts/Go";
import {
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  type Page,
  Part,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import type { Totals } from "@/ui/TableFoot";
import { startOf } from "@/ui/Time";

type Key = Of<"KeyUseOut">;

const PATH = "/console/v1/api-keys";
const SCOPES = [
  "orders:write",
  "orders:read",
  "codes:read",
  "catalog:read",
  "balance:read",
  "webhooks:write",
  "supply:provide",
];

/** Every company's keys: what each may, and when it called last. */
export function ApiKeys() {
  const { t } = useTranslation();
  const word = useWord();
  const { zone } = useMe().mall;
  return (
    <DataTable<Key>
      id="platform-keys"
      label={t("dev.keys")}
      rowKey={(k) => k.id}
      find={t("platform.find_key")}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: ["active", "expired", "revoked"].map((value) => ({ value, label: word("key", value) })),
        },
        {
          id: "has_scope",
          label: t("dev.scopes"),
          choices: SCOPES.map((value) => ({ value, label: value })),
        },
        {
          id: "organisation_id",
          label: t("platform.company"),
          pick: "buyer",
        },
        { id: "unused_since", label: t("platform.unused_since"), day: true },
      ]}
      columns={[
        { id: "name", title: t("f.name"), cell: (k) => k.name, sort: "name" },
        { id: "state", title: t("f.status"), cell: (k) => <StatusTag kind="key" code={k.state} /> },
        { id: "company", title: t("platform.company"), cell: (k) => k.organisation },
        { id: "used", title: t("platform.used"), cell: (k) => <LastUse of={k} /> },
        { id: "expires", title: t("f.expires_at"), cell: (k) => <Time at={k.expires_at} /> },
        {
          id: "scopes",
          title: t("dev.scopes"),
          cell: (k) => <span className="wrap">{k.scopes.join(" ")}</span>,
        },
        {
          id: "created",
          title: t("f.created_at"),
          cell: (k) => <Time at={k.created_at} />,
          sort: "created_at",
        },
        { id: "id", title: t("f.key"), cell: (k) => <CopyCode text={k.id} />, hidden: true },
      ]}
      views
      load={async (search) =>
        (await ask<Page<Key>>(PATH, { ...asked(search, zone), size: "50" })) ?? { items: [] }
      }
      totals={(search) => ask<Totals>(`${PATH}/totals`, asked(search, zone))}
      detail={(_, k) => k && <Detail held={k} />}
      detailTitle={(k, id) => k?.name ?? id}
      empty={{
        title: t("dev.no_keys"),
        text: t("platform.no_keys_text"),
        action: <Go needs="partners.read" page="customers" label={t("nav.customers")} />,
      }}
    />
  );
}

function asked({ unused_since, tab: _, ...rest }: Partial<Record<string, string>>, zone: string) {
  return { ...rest, unused_since: unused_since && startOf(unused_since, zone) };
}

function Detail({ held }: { held: Key }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const revoke = useAct(
    () => got(api.POST("/console/v1/keys/{key_id}/revoke", { params: { path: { key_id: held.id } } })),
    "platform-keys",
    "dev-keys",
  );
  return (
    <>
      {may("keys.write") && held.state !== "revoked" && (
        <div className="acts gap">
          <KeyAddresses held={held} touched="platform-keys" />
          <DangerConfirm
            label={t("dev.revoke")}
            effect={t("platform.revoke_text", { name: held.name, company: held.organisation })}
            type={held.id.slice(-6)}
            testid="revoke"
            run={() => revoke.mutateAsync(undefined)}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.key"), <CopyCode key="k" text={held.id} />],
          [t("f.status"), <StatusTag key="s" kind="key" code={held.state} />],
          [t("platform.company"), held.organisation],
          [t("platform.used"), <LastUse key="u" of={held} />],
          [t("dev.scopes"), held.scopes.join(" ")],
          [t("dev.addresses"), held.ip_allow.join(", ") || t("dev.anywhere")],
          [t("f.created_at"), <Time key="c" at={held.created_at} />],
          !!held.expires_at && [t("f.expires_at"), <Time key="e" at={held.expires_at} />],
        ]}
      />
      <Part title={t("dev.calls")}>
        <Link
          to="/c/$org/dev"
          params={{ org: me.mall.slug }}
          search={{ tab: "calls", key_id: held.id }}
          data-testid="calls-of-key"
        >
          {t("platform.calls_of_key")}
        </Link>
      </Part>
    </>
  );
}
