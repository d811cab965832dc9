import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useMay } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { IssueKey } from "@/parts/dev/IssueKey";
import { KeyDetail, KeyEnds, stateOf } from "@/parts/dev/KeyDetail";
import { KeySecret } from "@/parts/dev/KeySecret";
import { LastUse } from "@/parts/dev/LastUse";
import { useSandbox } from "@/parts/dev/mode";
import { holdSecret } from "@/parts/dev/reference/secrets";
import { type Column, CopyCode, DataTable, type Page, StatusTag, Time, useListState } from "@/ui";
import { SupplyOperations } from "./supply";

type Key = Of<"KeyListedOut">;

/** Keys of programs: made, rotated, revoked. A secret is shown once. */
export function Keys() {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const company = useBuyerName();
  const supplier = useMay()("own.supply.write");
  const sandbox = useSandbox() && !supplier;
  const [search] = useListState();
  const [shown, setShown] = useState<{ id: string; secret: string }>();
  const show = (made: { id: string; secret: string }): void => {
    holdSecret(made.id, made.secret);
    setShown(made);
  };
  const columns: Column<Key>[] = [
    { id: "name", title: t("f.name"), cell: (k) => k.name, value: (k) => k.name },
    { id: "state", title: t("f.status"), cell: (k) => <StatusTag kind="key" code={stateOf(k)} /> },
    { id: "id", title: t("f.key"), cell: (k) => <CopyCode text={k.id} /> },
    { id: "scopes", title: t("dev.scopes"), cell: (k) => <span className="wrap">{k.scopes.join(" ")}</span> },
    { id: "ip", title: t("dev.addresses"), cell: (k) => k.ip_allow.join(", ") || t("dev.anywhere") },
    { id: "used", title: t("platform.used"), cell: (k) => <LastUse of={k} /> },
    { id: "expires_at", title: t("f.expires_at"), cell: (k) => <KeyEnds held={k} /> },
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
      {shown && <KeySecret id={shown.id} secret={shown.secret} close={() => setShown(undefined)} />}
      {own && <IssueKey show={show} sandbox={sandbox} />}
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
        detail={(_, k) => k && <KeyDetail held={k} show={show} />}
        detailTitle={(k, id) => k?.name ?? id}
        empty={{ title: t("dev.no_keys"), text: t("dev.no_keys_text") }}
      />
      {supplier && <SupplyOperations />}
    </>
  );
}
