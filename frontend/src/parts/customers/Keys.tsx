import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { KeyAddresses } from "@/parts/dev/KeyAddresses";
import { LastUse } from "@/parts/dev/LastUse";
import { App, CopyCode, DangerConfirm, Descriptions, Part, Small, StatusTag, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

export const BUYERS = [
  "orders:write",
  "orders:read",
  "codes:read",
  "catalog:read",
  "balance:read",
  "webhooks:write",
];
const SUPPLIERS = ["supply:provide", "webhooks:write"];

/** Keys of a buyer's or a supplier's programs. A secret is shown once, to who issued it. */
export function Keys({ organisation, of }: { organisation: string; of: "buyer" | "supplier" }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const once = useShowOnce();
  const keys = useQuery({
    queryKey: ["buyers", "keys", organisation],
    queryFn: () =>
      got(api.GET("/console/v1/keys", { params: { query: { organisation_id: organisation, size: 50 } } })),
  });
  const revoke = useAct(
    (key: string) => got(api.POST("/console/v1/keys/{key_id}/revoke", { params: { path: { key_id: key } } })),
    "buyers",
  );
  const scopes = of === "buyer" ? BUYERS : SUPPLIERS;
  return (
    <Part
      title={t("customers.keys")}
      actions={
        may("keys.write") && (
          <FormButton<Of<"NewKeyOut">>
            name={`key-${organisation}`}
            label={t("key.issue")}
            touched={["buyers"]}
            fields={[
              {
                kind: "text",
                name: "name",
                label: t("f.name"),
                must: true,
                most: 80,
                hint: t("key.name_hint"),
              },
              {
                kind: "many",
                name: "scopes",
                label: t("key.scopes"),
                must: true,
                choices: scopes.map((value) => ({ value, label: word("scope", value.replace(":", "_")) })),
              },
              {
                kind: "list",
                name: "ip_allow",
                label: t("key.ip"),
                hint: t("key.ip_hint"),
                example: "203.0.113.7",
              },
              { kind: "moment", name: "expires_at", label: t("f.expires_at"), hint: t("key.expires_hint") },
            ]}
            first={{
              name: "",
              scopes: scopes.slice(0, of === "buyer" ? 5 : 2),
              ip_allow: "",
              expires_at: "",
            }}
            send={(sent) => {
              const body = sent as unknown as Of<"KeyIn">;
              return of === "buyer"
                ? got(
                    api.POST("/console/v1/buyers/{buyer_id}/keys", {
                      params: { path: { buyer_id: organisation } },
                      body,
                    }),
                  )
                : got(
                    api.POST("/console/v1/suppliers/{supplier_id}/keys", {
                      params: { path: { supplier_id: organisation } },
                      body,
                    }),
                  );
            }}
            done={once}
          />
        )
      }
    >
      <Small
        of={keys}
        rows={keys.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("customers.no_keys")}
        columns={[
          [
            t("f.name"),
            (one) => (
              <span className="two">
                {one.name}
                <CopyCode text={one.id} />
              </span>
            ),
          ],
          [t("f.status"), (one) => <StatusTag kind="key" code={one.revoked_at ? "revoked" : "active"} />],
          [t("platform.used"), (one) => <LastUse of={one} />],
          [t("f.created_at"), (one) => <Time at={one.created_at} />],
          [
            "",
            (one) =>
              !one.revoked_at &&
              may("keys.write") && (
                <span className="acts">
                  <KeyAddresses held={one} touched="buyers" />
                  <FormButton
                    name={`rotate-${one.id}`}
                    label={t("key.rotate")}
                    touched={["buyers"]}
                    fields={[
                      {
                        kind: "whole",
                        name: "overlap_s",
                        label: t("key.overlap"),
                        hint: t("key.overlap_hint"),
                        must: true,
                        least: 0,
                        most: 2_592_000,
                        unit: t("supply.seconds"),
                      },
                    ]}
                    first={{ overlap_s: 86_400 }}
                    send={(sent) =>
                      got(
                        api.POST("/console/v1/keys/{key_id}/rotate", {
                          params: { path: { key_id: one.id } },
                          body: sent as { overlap_s: number },
                        }),
                      )
                    }
                    done={once}
                  />
                  <DangerConfirm
                    label={t("customers.revoke")}
                    effect={t("customers.revoke_text")}
                    type={one.name}
                    testid="revoke"
                    run={() => revoke.mutateAsync(one.id)}
                  />
                </span>
              ),
          ],
        ]}
      />
    </Part>
  );
}

/** It stands in a dialog until that is closed, and nowhere else. */
export function useShowOnce(): (made: { id: string; secret?: string | null }) => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return ({ id, secret }) => {
    if (!secret) return;
    modal.info({
      title: t("key.once"),
      icon: null,
      width: 560,
      content: (
        <div data-testid="key-once">
          <p>{t("key.once_text")}</p>
          <Descriptions
            pairs={[
              [t("f.key"), <CopyCode key="k" text={id} />],
              [t("key.secret"), <CopyCode key="s" text={secret} />],
            ]}
          />
        </div>
      ),
    });
  };
}
