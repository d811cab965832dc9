import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
  AskButton,
  Button,
  CopyCode,
  Descriptions,
  Money,
  Part,
  Pending,
  ReasonForm,
  StatusTag,
  Time,
  useAct,
  useKey,
  Whole,
} from "@/ui";
import { Brought } from "./Brought";
import { OrderDetail } from "./OrderDetail";

/** A line that a person delivers: taken, then delivered or given up. */
export function WorkDetail({ id, row }: { id: string; row: Of<"WorkOut"> | undefined }) {
  const { t } = useTranslation();
  const [order = "", line = "1"] = id.split(".");
  // Once taken, a line leaves a list of those that wait; it stays here for who took it.
  const taken = useQuery({
    queryKey: ["work", "mine", id],
    enabled: !row,
    queryFn: async () => {
      const query = { mine: true, size: 200 };
      const { items } = await got(api.GET("/console/v1/work", { params: { query } }));
      return items.find((one) => `${one.order_id}.${one.line_no}` === id) ?? null;
    },
  });
  const shown = row ?? taken.data;
  return (
    <>
      {shown ? <Row row={shown} /> : <Pending of={taken} rows={1} />}
      <Part title={t("f.order")}>
        <OrderDetail key={`${order}.${line}`} id={order} />
      </Part>
    </>
  );
}

function Row({ row }: { row: Of<"WorkOut"> }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const me = useMe();
  const key = useKey();
  const [quantity, setQuantity] = useState<number | null>(row.quantity);
  const [codes, setCodes] = useState("");
  const [receipt, setReceipt] = useState("");
  const path = { order_id: row.order_id, line_no: row.line_no };
  const header = () => ({ "Idempotency-Key": key.now() });
  const touched = ["work", "orders"];
  const claim = useAct(
    () => got(api.POST("/console/v1/work/{order_id}/{line_no}/claim", { params: { path }, body: {} })),
    ...touched,
  );
  const giveBack = useAct(
    () => got(api.POST("/console/v1/work/{order_id}/{line_no}/give-back", { params: { path } })),
    ...touched,
  );
  const fields = useAct(() =>
    got(api.POST("/console/v1/work/{order_id}/{line_no}/fields", { params: { path } })),
  );
  const deliver = useAct(
    () =>
      got(
        api.POST("/console/v1/work/{order_id}/{line_no}/deliver", {
          params: { path, header: header() },
          body: { quantity: quantity ?? 0, receipt, codes: read(codes) },
        }),
      ).then(key.next),
    ...touched,
  );
  const fail = useAct(
    (reason: string) =>
      got(
        api.POST("/console/v1/work/{order_id}/{line_no}/fail", {
          params: { path, header: header() },
          body: { reason },
        }),
      ).then(key.next),
    ...touched,
  );
  const mine = row.status === "working" && row.claimed_by === me.person.id;
  return (
    <>
      {may("fulfilment.write") && (
        <div className="acts gap">
          {row.status === "waiting" && (
            <Button
              type="primary"
              loading={claim.isPending}
              data-testid="claim"
              onClick={() => claim.mutate(undefined)}
            >
              {t("work.claim")}
            </Button>
          )}
          {mine && (
            <>
              <AskButton
                label={t("work.deliver")}
                primary
                testid="deliver"
                ready={!!quantity}
                run={() => deliver.mutateAsync(undefined)}
              >
                <label className="field">
                  <span>{t("f.quantity")}</span>
                  <Whole min={1} max={row.quantity} value={quantity} change={setQuantity} />
                </label>
                <Brought receipt={receipt} setReceipt={setReceipt} codes={codes} setCodes={setCodes} />
              </AskButton>
              <ReasonForm
                label={t("work.fail")}
                effect={t("work.fail_text")}
                danger
                testid="fail"
                run={(reason) => fail.mutateAsync(reason)}
              />
              <Button onClick={() => giveBack.mutate(undefined)}>{t("work.give_back")}</Button>
              <Button onClick={() => fields.mutate(undefined)}>{t("work.fields")}</Button>
            </>
          )}
        </div>
      )}
      {fields.data && (
        <Descriptions
          pairs={Object.entries(fields.data.fields).map(([name, value]) => [
            name,
            <CopyCode key={name} text={value} />,
          ])}
        />
      )}
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="line" code={row.status} />],
          [t("f.reason"), word("reason", row.reason)],
          [t("f.quantity"), row.quantity],
          [t("f.amount"), <Money key="a" value={row.amount} />],
          [t("f.target"), row.target],
          [t("f.late_at"), <Time key="l" at={row.late_at} />],
          [t("work.claimed_until"), <Time key="c" at={row.claimed_until} />],
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
