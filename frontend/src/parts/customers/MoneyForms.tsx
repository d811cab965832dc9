import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBuyers } from "@/api/names";
import { useMay } from "@/api/session";
import { type Field, FormButton } from "@/ui/form";

const TOUCHED = ["buyers"];

/** What moves an account's money: each once by its reference, however often it is sent. */
export function MoneyForms({ account }: { account: Of<"AccountOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const buyers = useBuyers();
  const { currency } = account.balance;
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
  const memo: Field = { kind: "text", name: "memo", label: t("f.memo"), most: 500 };
  return (
    <div className="acts gap">
      <FormButton
        name={`recharge-${account.id}`}
        label={t("money_form.recharge")}
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
      <FormButton
        name={`withdraw-${account.id}`}
        label={t("money_form.withdraw")}
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
      <FormButton
        name={`adjust-${account.id}`}
        label={t("money_form.adjust")}
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
      <FormButton
        name={`allot-${account.id}`}
        label={t("money_form.allot")}
        touched={TOUCHED}
        fields={[
          amount,
          {
            kind: "choice",
            name: "to_account_id",
            label: t("money_form.to"),
            must: true,
            choices: buyers
              .filter((one) => one.account_id !== account.id)
              .map((one) => ({ value: one.account_id, label: one.name })),
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
      <FormButton
        name={`credit-${account.id}`}
        label={t("money_form.credit")}
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
        first={{
          limit: account.credit_limit.amount,
          terms_days: account.credit?.terms_days ?? 30,
          grace_days: account.credit?.grace_days ?? 0,
        }}
        send={(sent) =>
          got(
            api.PUT("/console/v1/accounts/{account_id}/credit", {
              params,
              body: sent as unknown as Of<"CreditIn">,
            }),
          )
        }
      />
    </div>
  );
}
