import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { codesOf } from "@/parts/Brought";
import { Button, CopyCode, Descriptions, Money, ReasonForm, Time, useAct } from "@/ui";
import { FormButton } from "@/ui/form";

/** What is asked of a supplier's people: taken in hand, then provided or refused. */
export function RequestDetail({ row }: { row: Of<"WantedOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const path = { params: { path: { purchase_id: row.id } } };
  const touched = ["asked", "supply"];
  const take = useAct(
    () => got(api.POST("/console/v1/supply-requests/{purchase_id}/take", path)),
    ...touched,
  );
  const giveBack = useAct(
    () => got(api.POST("/console/v1/supply-requests/{purchase_id}/give-back", path)),
    ...touched,
  );
  const refuse = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/supply-requests/{purchase_id}/refuse", { ...path, body: { reason } })),
    ...touched,
  );
  const mine = row.holder === `person:${me.person.id}`;
  const free = row.holder === "";
  return (
    <>
      {may("own.supply.write") && (
        <div className="acts gap">
          {free && (
            <Button
              type="primary"
              loading={take.isPending}
              data-testid="take"
              onClick={() => take.mutate(undefined)}
            >
              {t("supply.take")}
            </Button>
          )}
          {(mine || free) && (
            <>
              <FormButton
                name={`provide-${row.id}`}
                label={t("supply.provide")}
                primary={mine}
                private
                touched={touched}
                fields={[
                  row.kind === "topup"
                    ? { kind: "text", name: "receipt", label: t("supply.receipt_no"), must: true, most: 200 }
                    : {
                        kind: "list",
                        name: "codes",
                        label: t("work.codes"),
                        must: true,
                        secret: true,
                      },
                ]}
                first={{ receipt: "", codes: "" }}
                send={(sent) =>
                  got(
                    api.POST("/console/v1/supply-requests/{purchase_id}/provide", {
                      ...path,
                      body:
                        row.kind === "topup" ? { receipt: String(sent.receipt) } : { codes: codesOf(sent) },
                    }),
                  )
                }
              >
                {(values) =>
                  row.kind !== "topup" && (
                    <p className="muted" aria-live="polite">
                      {t("supply.codes", { given: linesIn(values.codes), count: row.quantity })}
                    </p>
                  )
                }
              </FormButton>
              <ReasonForm
                label={t("supply.cannot")}
                effect={t("supply.cannot_text")}
                danger
                testid="cannot"
                run={(reason) => refuse.mutateAsync(reason.slice(0, 200))}
              />
            </>
          )}
          {mine && (
            <Button data-testid="give-back" onClick={() => giveBack.mutate(undefined)}>
              {t("supply.give_back")}
            </Button>
          )}
        </div>
      )}
      {!free && !mine && <p className="muted">{t("supply.held")}</p>}
      <Descriptions
        pairs={[
          ...Object.entries(take.data?.fields ?? {}).map(([name, value]): [string, ReactNode] => [
            name,
            <CopyCode key={name} text={value} />,
          ]),
          [t("supply.article"), row.good_id],
          [t("f.quantity"), row.quantity],
          [t("f.cost"), <Money key="c" value={row.unit_cost} />],
          [t("supply.before"), <Time key="b" at={row.provide_before} />],
          [t("supply.asked_at"), <Time key="a" at={row.asked_at} />],
          [t("supply.until"), <Time key="u" at={row.held_until} />],
          [t("supply.our_no"), <CopyCode key="i" text={row.id} />],
        ]}
      />
    </>
  );
}

const linesIn = (text: unknown): number =>
  String(text ?? "")
    .split("\n")
    .filter((line) => line.trim()).length;
