import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { Money, Part, Small, Time } from "@/ui";
import { FormButton } from "@/ui/form";
import { startOf } from "@/ui/Time";

/** Statements of an account: made for a span that is over, and read as files. */
export function Statements({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { path: { account_id: id as unknown as number } };
  const { zone } = useMe().mall;
  const made = useQuery({
    queryKey: ["buyers", "statements", id],
    queryFn: () =>
      got(
        api.GET("/console/v1/accounts/{account_id}/statements", {
          params: { ...params, query: { size: 20 } },
        }),
      ),
  });
  return (
    <Part
      title={t("buyer.statements")}
      actions={
        may("ledger.write") && (
          <FormButton
            name={`statement-${id}`}
            label={t("buyer.make_statement")}
            touched={["buyers"]}
            fields={[
              { kind: "day", name: "from_at", label: t("buyer.from_day"), must: true, half: true },
              {
                kind: "day",
                name: "to_at",
                label: t("buyer.to_day"),
                must: true,
                half: true,
                hint: t("buyer.to_day_hint"),
              },
            ]}
            first={{ from_at: "", to_at: "" }}
            codes={{ period_open: "to_at", period_overlaps: "from_at" }}
            send={(sent) => {
              const body = {
                from_at: startOf(String(sent.from_at), zone),
                to_at: startOf(String(sent.to_at), zone, 1),
              };
              return got(api.POST("/console/v1/accounts/{account_id}/statements", { params, body }));
            }}
          />
        )
      }
    >
      <Small<Of<"commissary.ledger.wire.StatementOut">>
        of={made}
        rows={made.data?.items ?? []}
        keyOf={(one) => one.id}
        none={t("buyer.no_statements")}
        columns={[
          [t("buyer.from_day"), (one) => <Time at={one.from_at} day />],
          [t("buyer.to_day"), (one) => <Time at={one.to_at} day last />],
          [t("buyer.opening"), (one) => <Money value={one.opening} />, "end"],
          [t("buyer.closing"), (one) => <Money value={one.closing} />, "end"],
          [t("buyer.due"), (one) => <Money value={one.due} />, "end"],
          [
            "",
            (one) => (
              <a href={`/console/v1/statements/${one.id}/export`} download>
                {t("buyer.download")}
              </a>
            ),
          ],
        ]}
      />
    </Part>
  );
}
