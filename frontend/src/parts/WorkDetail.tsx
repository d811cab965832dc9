import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import {
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
} from "@/ui";
import { FormButton } from "@/ui/form";
import { codesOf, useBrought } from "./Brought";
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
  const brought = useBrought();
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
              <FormButton
                name={`deliver-${row.order_id}.${row.line_no}`}
                label={t("work.deliver")}
                primary
                private
                touched={touched}
                fields={[
                  {
                    kind: "whole",
                    name: "quantity",
                    label: t("f.quantity"),
                    must: true,
                    least: 1,
                    most: row.quantity,
                  },
                  ...brought,
                ]}
                first={{ quantity: row.quantity, receipt: "", codes: "" }}
                codes={{ code_known: "codes", wrong_quantity: "quantity" }}
                send={(sent, { key }) =>
                  got(
                    api.POST("/console/v1/work/{order_id}/{line_no}/deliver", {
                      params: { path, header: { "Idempotency-Key": key } },
                      body: {
                        quantity: Number(sent.quantity),
                        receipt: String(sent.receipt),
                        codes: codesOf(sent),
                      },
                    }),
                  )
                }
              />
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
