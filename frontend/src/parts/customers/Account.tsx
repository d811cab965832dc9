import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import {
  CopyCode,
  creditLeft,
  Descriptions,
  Money,
  Part,
  Pending,
  ReasonForm,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { MoneyForms, TOUCHED } from "./MoneyForms";
import { Statements } from "./Statements";

/** A buyer's money: what there is, what may be done to it, and what moved last. */
export function Account({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  // The document says integer, but 63 bits are more than a number of JavaScript holds: it stays text.
  const params = { path: { account_id: id as unknown as number } };
  const read = useQuery({
    queryKey: ["buyers", "account", id],
    queryFn: () => got(api.GET("/console/v1/accounts/{account_id}", { params })),
  });
  const moved = useQuery({
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
    ...TOUCHED,
  );
  const unlock = useAct(
    () => got(api.POST("/console/v1/accounts/{account_id}/unlock", { params })),
    ...TOUCHED,
  );
  const account = read.data;
  if (!account) return <Pending of={read} />;
  return (
    <>
      <Part
        title={t("customers.account")}
        actions={
          account.kind === "wallet" &&
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
        <MoneyForms account={account} />
        <Descriptions
          pairs={[
            [t("f.balance"), <Money key="b" value={account.balance} />],
            [t("f.held"), <Money key="h" value={account.held} />],
            [t("f.credit"), <Money key="c" value={account.credit_limit} />],
            account.credit_limit &&
              account.available && [
                t("own.home.credit_left"),
                <Money key="l" value={creditLeft(account.credit_limit, account.available)} />,
              ],
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
            account.lock_reasons.length > 0 && [
              t("f.reason"),
              account.lock_reasons.map((one) => word("lock_reason", one)).join(", "),
            ],
          ]}
        />
      </Part>
      <Part title={t("customers.transfers")}>
        <Small
          of={moved}
          rows={moved.data?.items ?? []}
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
      {account.kind === "wallet" && <Statements id={id} />}
    </>
  );
}
