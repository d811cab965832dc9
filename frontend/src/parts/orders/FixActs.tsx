import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSku } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { Part, Pending, ReasonForm, Small, Time, useAct } from "@/ui";
import { type Field, FormButton } from "@/ui/form";

type Request = Of<"FixRequestOut">;

/** Accounts that a supplier called wrong: their lines wait for the right ones, or go on as they are. */
export function FixActs({ order, lines }: { order: string; lines: Of<"CaseLineOut">[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const open = useQuery({
    queryKey: ["orders", "fixes", order],
    enabled: may("fulfilment.read"),
    queryFn: () =>
      got(
        api.GET("/console/v1/fix-requests", {
          params: { query: { order_id: order, status: "open", size: 50 } },
        }),
      ),
  });
  const withdraw = useAct(
    (line_no: number) =>
      got(
        api.POST("/console/v1/orders/{order_id}/lines/{line_no}/withdraw-fix", {
          params: { path: { order_id: order, line_no } },
        }),
      ),
    "orders",
    "work",
  );
  const { data } = open;
  if (!data && open.error) return <Pending of={open} />;
  if (!data?.items.length) return null;
  return (
    <Part title={t("fix.title")}>
      <Small<Request>
        rows={data.items}
        keyOf={(one) => one.id}
        none=""
        columns={[
          ["#", (one) => one.line_no],
          [t("f.reason"), (one) => one.reason],
          [t("fix.deadline"), (one) => <Time at={one.deadline} near />],
          [t("fix.tries"), (one) => one.corrections, "end"],
          [
            "",
            (one) =>
              may("orders.write") && (
                <span className="acts nowrap">
                  <Correct order={order} line={lines.find((each) => each.line_no === one.line_no)} />
                  <ReasonForm
                    label={t("fix.withdraw")}
                    effect={t("fix.withdraw_text")}
                    reason={undefined}
                    danger
                    testid="withdraw-fix"
                    run={() => withdraw.mutateAsync(one.line_no)}
                  />
                </span>
              ),
          ],
        ]}
      />
    </Part>
  );
}

function Correct({ order, line }: { order: string; line: Of<"CaseLineOut"> | undefined }) {
  const { t } = useTranslation();
  const said = useSaid();
  const sku = useSku(line?.sku_id);
  if (!line || !sku) return null;
  const fields = sku.fields.map((field): Field => {
    const common = {
      name: field.name,
      label: said({ zh: field.label_zh, en: field.label_en }),
      must: field.required,
    };
    return field.choices?.length
      ? { ...common, kind: "choice", choices: field.choices.map((value) => ({ value, label: value })) }
      : { ...common, kind: "text", most: field.max_length ?? 200, also: [`fields.${field.name}`] };
  });
  return (
    <FormButton
      name={`fix-${order}-${line.line_no}`}
      label={t("fix.correct")}
      private
      touched={["orders", "work"]}
      fields={fields}
      first={Object.fromEntries(sku.fields.map((field) => [field.name, ""]))}
      intro={<p className="muted">{t("fix.correct_text")}</p>}
      send={(sent, { key }) =>
        got(
          api.POST("/console/v1/orders/{order_id}/lines/{line_no}/fields", {
            params: { path: { order_id: order, line_no: line.line_no }, header: { "Idempotency-Key": key } },
            body: { fields: sent as Record<string, string> },
          }),
        )
      }
    />
  );
}
