import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import {
  AskButton,
  Button,
  CopyCode,
  Descriptions,
  Input,
  Money,
  ReasonForm,
  TextArea,
  Time,
  useAct,
} from "@/ui";

/** What is asked of a supplier's people: taken in hand, then provided or refused. */
export function RequestDetail({ row }: { row: Of<"WantedOut"> }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const [codes, setCodes] = useState("");
  const [receipt, setReceipt] = useState("");
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
  const provide = useAct(
    () =>
      got(
        api.POST("/console/v1/supply-requests/{purchase_id}/provide", {
          ...path,
          body: row.kind === "topup" ? { receipt } : { codes: read(codes) },
        }),
      ),
    ...touched,
  );
  const refuse = useAct(
    (reason: string) =>
      got(api.POST("/console/v1/supply-requests/{purchase_id}/refuse", { ...path, body: { reason } })),
    ...touched,
  );
  const mine = row.holder === `person:${me.person.id}`;
  const free = row.holder === "";
  const given = row.kind === "topup" ? receipt.trim() !== "" : read(codes).length === row.quantity;
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
              <AskButton
                label={t("supply.provide")}
                primary={mine}
                testid="provide"
                ready={given}
                run={() => provide.mutateAsync(undefined)}
              >
                {row.kind === "topup" ? (
                  <label className="field">
                    <span>{t("supply.receipt_no")}</span>
                    <Input
                      value={receipt}
                      maxLength={200}
                      data-testid="receipt"
                      onChange={(event) => setReceipt(event.target.value)}
                    />
                  </label>
                ) : (
                  <label className="field">
                    <span>{t("supply.codes", { count: row.quantity, given: read(codes).length })}</span>
                    <TextArea
                      value={codes}
                      autoComplete="off"
                      spellCheck={false}
                      data-testid="codes"
                      onChange={(event) => setCodes(event.target.value)}
                    />
                  </label>
                )}
              </AskButton>
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

/** A code per line, with its number before it where it has one: `number----secret`, as the trade writes them. */
function read(text: string): { number?: string; secret: string }[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [number, secret] = line.split("----");
      return secret ? { number, secret } : { secret: number ?? "" };
    });
}
