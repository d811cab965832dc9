import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { useChoices } from "@/i18n/choices";
import { Pending } from "@/ui";
import { type Field, FormButton, type Values } from "@/ui/form";

const ROLES = ["ref", "supplier_ref", "article", "quantity", "amount", "status", "time"] as const;

/** How a supplier writes his statements: his headers, his words for a status, his unit of money. Said once. */
export function MappingForm({ connection }: { connection: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const choices = useChoices();
  const may = useMay();
  const params = { path: { connection_id: connection } };
  const known = useQuery({
    queryKey: ["statements", "mapping", connection],
    enabled: may("settlement.read"),
    queryFn: () => got(api.GET("/console/v1/connections/{connection_id}/statement-mapping", { params })),
  });
  const { data } = known;
  if (!may("settlement.write")) return null;
  if (!data) return known.error ? <Pending of={known} /> : null;
  const fields: Field[] = [
    ...ROLES.map(
      (role): Field => ({
        kind: "text",
        name: role,
        label: word("statement_role", role),
        most: 100,
        half: true,
        also: [`columns.${role}`],
        example: t("mapping.usual"),
      }),
    ),
    {
      kind: "choice",
      name: "amounts",
      label: t("mapping.amounts"),
      must: true,
      half: true,
      choices: choices("statement_amounts", ["main", "cents"]),
    },
    {
      kind: "rows",
      name: "statuses",
      label: t("mapping.statuses"),
      add: t("mapping.add_status"),
      blank: { theirs: "", ours: "bought" },
      of: [
        { kind: "text", name: "theirs", label: t("mapping.theirs"), must: true, half: true },
        {
          kind: "choice",
          name: "ours",
          label: t("mapping.ours"),
          must: true,
          half: true,
          choices: choices("statement_line_status", ["bought", "failed", "refunded"]),
        },
      ],
    },
  ];
  return (
    <FormButton
      name={`mapping-${connection}`}
      label={t("mapping.title")}
      touched={["statements"]}
      fields={fields}
      intro={<p className="muted">{t("mapping.text")}</p>}
      first={{
        ...Object.fromEntries(ROLES.map((role) => [role, data.columns?.[role] ?? ""])),
        amounts: data.amounts ?? "main",
        statuses: Object.entries(data.statuses ?? {}).map(([theirs, ours]) => ({ theirs, ours })),
      }}
      send={(sent) => {
        const { amounts, statuses, ...columns } = sent as Values & {
          statuses: { theirs: string; ours: string }[];
        };
        const body = {
          amounts,
          columns,
          statuses: Object.fromEntries(statuses.map((one) => [one.theirs, one.ours])),
        };
        return got(
          api.PUT("/console/v1/connections/{connection_id}/statement-mapping", {
            params,
            body: body as unknown as Of<"MappingIn">,
          }),
        );
      }}
    />
  );
}
