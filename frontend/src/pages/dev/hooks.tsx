import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { AddHook } from "@/parts/dev/AddHook";
import { useRoot } from "@/parts/dev/audience";
import { HookDetail } from "@/parts/dev/HookDetail";
import { TestKept } from "@/parts/dev/mode";
import { Button, CopyCode, DataTable, type Page, StatusTag } from "@/ui";

type Endpoint = Of<"EndpointOut">;

/** Where events are sent, and how it goes. */
export function Hooks() {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const company = useBuyerName();
  const [secret, setSecret] = useState<string>();
  return (
    <>
      {secret && (
        <div className="part" role="alert" data-testid="hook-secret">
          <p className="tag warn">{t("dev.secret_text")}</p>
          <CopyCode text={secret} /> <Button onClick={() => setSecret(undefined)}>{t("close")}</Button>
        </div>
      )}
      <TestKept text={t("dev.hooks_test")} />
      <AddHook show={setSecret} />
      <DataTable<Endpoint>
        id="dev-hooks"
        label={t("dev.hooks")}
        rowKey={(e) => e.id}
        columns={[
          { id: "url", title: t("f.address"), cell: (e) => <span className="wrap">{e.url}</span> },
          {
            id: "state",
            title: t("f.status"),
            cell: (e) => <StatusTag kind="webhook_endpoint_state" code={e.state} />,
          },
          { id: "events", title: t("dev.events"), cell: (e) => e.events.join(", ") || t("dev.all_events") },
          { id: "failures", title: t("dev.failures"), cell: (e) => e.failures, end: true },
          { id: "company", title: t("f.buyer"), cell: (e) => company(e.organisation_id), hidden: own },
        ]}
        load={async ({ cursor }) =>
          (await ask<Page<Endpoint>>(`${root}/webhook-endpoints`, { cursor, size: "50" })) ?? { items: [] }
        }
        detail={(_, e) => e && <HookDetail endpoint={e} show={setSecret} />}
        detailTitle={(e, id) => e?.url ?? id}
        empty={{ title: t("dev.no_hooks"), text: t("dev.no_hooks_text") }}
      />
    </>
  );
}
