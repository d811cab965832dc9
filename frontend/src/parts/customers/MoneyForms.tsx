import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { useBuyerName } from "@/api/names";
import { useMay } from "@/api/session";
import { moneyText } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";

export const TOUCHED = ["buyers", "money-owners", "money-journal", "money-ageing", "money-trial"];

const SURE = [
  "money_form.sure_recharge",
  "money_form.sure_withdraw",
  "money_form.sure_adjust",
  "money_form.sure_allot",
  "money_form.sure_credit",
] as const;

/** What moves an account's money: each once by its reference, however often it is sent. */
export function MoneyForms({ account }: { account: Of<"AccountOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const nameOf = useBuyerName();
  const { currency } = account.balance;
  const wallet = account.kind === "wallet";
  // Money moves between the wallets of one company only: its own and its departments'.
  const wallets = useQuery({
    queryKey: ["buyers", "wallets", account.owner_id],
    enabled: wallet,
    queryFn: () =>
      ask<{ items: Of<"AccountOut">[] }>(`/console/v1/accounts`, {
        owner_id: account.owner_id,
        kind: "wallet",
        size: "200",
      }),
  });
  const others = (wallets.data?.items ?? []).filter(
    (one) => one.id !== account.id && one.balance.currency === currency,
  );
  // The document says integer, but 63 bits are more than a number of JavaScript holds: it stays text.
  const params = { path: { account_id: account.id as unknown as number } };
  if (!may("ledger.write")) return null;
  const amount: Field = { kind: "money", name: "amount", label: t("f.amount"), must: true, currency };
  const reference: Field = {
    kind: "text",
    name: "reference",
    label: t("money_form.reference"),
    must: true,
    most: 120,
    hint: t("money_form.reference_hint"),
  };
  const owner = nameOf(account.owner_id);
  const sure =
    (text: (typeof SURE)[number]) =>
    (values: Values): string =>
      t(text, {
        owner,
        amount: moneyText({ amount: String(values.amount ?? values.limit ?? "0"), currency }),
      });
  const memo: Field = { kind: "text", name: "memo", label: t("f.memo"), most: 500 };
  return (
    <div className="acts gap">
      {wallet && (
        <FormButton
          name={`recharge-${account.id}`}
          label={t("money_form.recharge")}
          confirm={sure("money_form.sure_recharge")}
          submit={t("money_form.recharge")}
          primary
          touched={TOUCHED}
          fields={[amount, reference, memo]}
          first={{ amount: "", reference: "", memo: "" }}
          send={(sent) =>
            got(
              api.POST("/console/v1/accounts/{account_id}/recharges", {
                params,
                body: sent as unknown as Of<"RechargeIn">,
              }),
            )
          }
        />
      )}
      {wallet && (
        <FormButton
          name={`withdraw-${account.id}`}
          label={t("money_form.withdraw")}
          confirm={sure("money_form.sure_withdraw")}
          submit={t("money_form.withdraw")}
          touched={TOUCHED}
          fields={[
            amount,
            {
              kind: "text",
              name: "recharge_reference",
              label: t("money_form.of_recharge"),
              must: true,
              most: 120,
              hint: t("money_form.of_recharge_hint"),
            },
            reference,
            memo,
          ]}
          first={{ amount: "", recharge_reference: "", reference: "", memo: "" }}
          send={(sent) =>
            got(
              api.POST("/console/v1/accounts/{account_id}/withdrawals", {
                params,
                body: sent as unknown as Of<"WithdrawIn">,
              }),
            )
          }
        />
      )}
      {may("ledger.adjust") && (
        <FormButton
          name={`adjust-${account.id}`}
          label={t("money_form.adjust")}
          confirm={sure("money_form.sure_adjust")}
          submit={t("money_form.adjust")}
          touched={TOUCHED}
          fields={[
            { ...amount, hint: t("money_form.adjust_hint") },
            reference,
            { kind: "text", name: "reason", label: t("f.reason"), must: true, most: 500 },
          ]}
          first={{ amount: "", reference: "", reason: "" }}
          send={(sent) =>
            got(
              api.POST("/console/v1/accounts/{account_id}/adjustments", {
                params,
                body: sent as unknown as Of<"AdjustIn">,
              }),
            )
          }
        />
      )}
      {(others.length > 0 || !!wallets.error) && (
        <FormButton
          name={`allot-${account.id}`}
          label={t("money_form.allot")}
          confirm={sure("money_form.sure_allot")}
          submit={t("money_form.allot")}
          touched={TOUCHED}
          fields={[
            amount,
            {
              kind: "choice",
              name: "to_account_id",
              label: t("money_form.to"),
              must: true,
              of: wallets,
              choices: others.map((one) => ({ value: one.id, label: one.sub || t("money_form.main") })),
            },
            memo,
          ]}
          first={{ amount: "", to_account_id: "", memo: "" }}
          send={(sent) =>
            got(
              api.POST("/console/v1/accounts/{account_id}/allotments", {
                params,
                body: sent as unknown as Of<"AllotIn">,
              }),
            )
          }
        />
      )}
      {wallet && may("ledger.credit") && (
        <FormButton
          name={`credit-${account.id}`}
          label={t("money_form.credit")}
          confirm={sure("money_form.sure_credit")}
          submit={t("money_form.credit")}
          touched={TOUCHED}
          fields={[
            {
              kind: "money",
              name: "limit",
              label: t("buyer.limit"),
              must: true,
              currency,
              hint: t("money_form.credit_hint"),
            },
            {
              kind: "whole",
              name: "terms_days",
              label: t("buyer.terms"),
              must: true,
              least: 0,
              most: 365,
              unit: t("make.days"),
              half: true,
            },
            {
              kind: "whole",
              name: "grace_days",
              label: t("buyer.grace"),
              least: 0,
              most: 90,
              unit: t("make.days"),
              half: true,
            },
          ]}
          first={creditOf(account)}
          version={account.credit?.version ?? 0}
          fresh={async () => {
            const now = await got(api.GET("/console/v1/accounts/{account_id}", { params }));
            return { values: creditOf(now), version: now.credit?.version ?? 0 };
          }}
          send={(sent, { version }) =>
            got(
              api.PUT("/console/v1/accounts/{account_id}/credit", {
                params,
                body: { ...sent, version } as unknown as Of<"CreditIn">,
              }),
            )
          }
        />
      )}
    </div>
  );
}

function creditOf(account: Of<"AccountOut">): Values {
  return {
    limit: account.credit_limit.amount,
    terms_days: account.credit?.terms_days ?? 30,
    grace_days: account.credit?.grace_days ?? 0,
  };
}
