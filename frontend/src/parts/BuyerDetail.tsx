import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  Bones,
  CopyCode,
  DangerConfirm,
  Descriptions,
  FaultNote,
  Money,
  Part,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";

export function BuyerDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { path: { buyer_id: id } };
  const {
    data: buyer,
    error,
    refetch,
  } = useQuery({
    queryKey: ["buyers", id],
    queryFn: () => got(api.GET("/console/v1/buyers/{buyer_id}", { params })),
  });
  const suspend = useAct(
    () => got(api.POST("/console/v1/buyers/{buyer_id}/suspend", { params })),
    "buyers",
    "names",
  );
  const resume = useAct(
    () => got(api.POST("/console/v1/buyers/{buyer_id}/resume", { params })),
    "buyers",
    "names",
  );
  if (error) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!buyer) return <Bones />;
  return (
    <>
      {may("partners.write") && (
        <div className="acts" style={{ marginBottom: 16 }}>
          {buyer.status === "active" ? (
            <DangerConfirm
              label={t("customers.suspend")}
              effect={t("customers.suspend_text")}
              type={buyer.name}
              testid="suspend"
              run={() => suspend.mutateAsync(undefined)}
            />
          ) : (
            <ReasonForm
              label={t("customers.resume")}
              reason={undefined}
              testid="resume"
              run={() => resume.mutateAsync(undefined)}
            />
          )}
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="company" code={buyer.status} />],
          [t("f.low_balance"), buyer.low_balance],
          [t("f.notes"), buyer.notes],
          [t("f.id"), <CopyCode key="i" text={buyer.id} />],
        ]}
      />
      {may("ledger.read") && <Account id={buyer.account_id} />}
      {may("keys.read") && <Keys buyer={buyer} />}
    </>
  );
}

function Account({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  // The document says integer, but 63 bits are more than a number of JavaScript holds: it stays text.
  const params = { path: { account_id: id as unknown as number } };
  const { data: account } = useQuery({
    queryKey: ["buyers", "account", id],
    queryFn: () => got(api.GET("/console/v1/accounts/{account_id}", { params })),
  });
  const { data: moved } = useQuery({
    queryKey: ["buyers", "transfers", id],
    queryFn: () =>
      got(
        api.GET("/console/v1/accounts/{account_id}/transfers", {
          params: { ...params, query: { size: 20 } },
        }),
      ),
  });
  const lock = useAct(
    (reason: string) => got(api.POST("/console/v1/accounts/{account_id}/lock", { params, body: { reason } })),
    "buyers",
  );
  const unlock = useAct(
    () => got(api.POST("/console/v1/accounts/{account_id}/unlock", { params })),
    "buyers",
  );
  if (!account) return null;
  return (
    <Part
      title={t("customers.account")}
      actions={
        may("ledger.write") &&
        (account.state === "locked" ? (
          <ReasonForm
            label={t("customers.unlock")}
            reason={undefined}
            testid="unlock"
            run={() => unlock.mutateAsync(undefined)}
          />
        ) : (
          <ReasonForm
            label={t("customers.lock")}
            effect={t("customers.lock_text")}
            danger
            testid="lock"
            run={(reason) => lock.mutateAsync(reason)}
          />
        ))
      }
    >
      <Descriptions
        pairs={[
          [t("f.balance"), <Money key="b" value={account.balance} />],
          [t("f.held"), <Money key="h" value={account.held} />],
          [t("f.credit"), <Money key="c" value={account.credit_limit} />],
          [t("f.available_money"), <Money key="a" value={account.available} />],
          [
            t("f.status"),
            <StatusTag
              key="s"
              kind="account"
              code={account.state}
              tone={account.state === "open" ? "good" : undefined}
            />,
          ],
          account.lock_reasons.length > 0 && [t("f.reason"), account.lock_reasons.join(", ")],
        ]}
      />
      <h3 style={{ margin: "16px 0 8px" }}>{t("customers.transfers")}</h3>
      <Small
        rows={moved?.items ?? []}
        keyOf={(one) => one.id}
        none={t("customers.no_transfers")}
        columns={[
          [t("f.at"), (one) => <Time at={one.at} />],
          [t("f.kind"), (one) => word("transfer", one.kind)],
          [t("f.amount"), (one) => <Money value={one.amount} />, "end"],
          [t("f.order"), (one) => (one.order_id ? <CopyCode text={one.order_id} short /> : "–")],
          [t("f.memo"), (one) => one.memo || "–"],
        ]}
      />
    </Part>
  );
}

function Keys({ buyer }: { buyer: Of<"BuyerOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["buyers", "keys", buyer.id],
    queryFn: () =>
      got(api.GET("/console/v1/keys", { params: { query: { organisation_id: buyer.id, size: 50 } } })),
  });
  const revoke = useAct(
    (key: string) => got(api.POST("/console/v1/keys/{key_id}/revoke", { params: { path: { key_id: key } } })),
    "buyers",
  );
  return (
    <Part title={t("customers.keys")}>
      <Small
        rows={data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("customers.no_keys")}
        columns={[
          [t("f.name"), (one) => one.name],
          [t("f.key"), (one) => <CopyCode text={one.id} />],
          [t("f.status"), (one) => <StatusTag kind="key" code={one.revoked_at ? "revoked" : "active"} />],
          [t("f.created_at"), (one) => <Time at={one.created_at} />],
          [
            "",
            (one) =>
              !one.revoked_at &&
              may("keys.write") && (
                <DangerConfirm
                  label={t("customers.revoke")}
                  effect={t("customers.revoke_text")}
                  type={one.name}
                  testid="revoke"
                  run={() => revoke.mutateAsync(one.id)}
                />
              ),
          ],
        ]}
      />
    </Part>
  );
}
