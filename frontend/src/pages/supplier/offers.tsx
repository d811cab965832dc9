import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { SheetUpload, sheetType } from "@/parts/SheetUpload";
import {
  AskButton,
  Button,
  DataTable,
  Descriptions,
  Input,
  Modal,
  Money,
  moneyText,
  Screen,
  Small,
  StatusTag,
  Time,
  useAct,
  Whole,
} from "@/ui";

type Offer = Of<"MyOfferOut">;
const STATES = ["on", "held", "off"] as const;
const TONES = { on: "good", held: "warn", off: "off" } as const;

export default function Offers() {
  const { t } = useTranslation();
  const word = useWord();
  const said = useSaid();
  const may = useMay();
  return (
    <Screen
      title={t("nav.my-offers")}
      text={t("supply.offers_text")}
      actions={may("own.supply.write") && <Sheet />}
    >
      <DataTable<Offer>
        id="my-offers"
        label={t("nav.my-offers")}
        rowKey={(o) => o.id}
        find={t("supply.find")}
        filters={[
          {
            id: "status",
            label: t("f.status"),
            choices: STATES.map((value) => ({ value, label: word("own_offer_status", value) })),
          },
        ]}
        columns={[
          { id: "good", title: t("supply.article"), cell: (o) => o.good_name || o.good_id, sort: "good_id" },
          { id: "sku", title: t("f.sku"), cell: (o) => said({ zh: o.sku_zh, en: o.sku_en }) },
          {
            id: "status",
            title: t("f.status"),
            cell: (o) => <StatusTag kind="own_offer_status" code={o.status} tone={TONES[o.status]} />,
          },
          {
            id: "cost",
            title: t("f.cost"),
            cell: (o) => <Money value={o.unit_cost} />,
            sort: "unit_cost",
            end: true,
          },
          { id: "held", title: t("supply.held_cost"), cell: (o) => <Money value={o.held_cost} />, end: true },
          { id: "stock", title: t("supply.declared"), cell: (o) => o.stock ?? "–", end: true },
          { id: "free", title: t("supply.free"), cell: (o) => o.free ?? "–", end: true },
          { id: "told", title: t("supply.told_at"), cell: (o) => <Time at={o.told_at} near />, hidden: true },
        ]}
        load={({ q, status, sort, cursor }) =>
          got(
            api.GET("/console/v1/own/offers", {
              params: {
                query: {
                  q,
                  status: status ? [status as Offer["status"]] : undefined,
                  sort,
                  cursor,
                  size: 50,
                },
              },
            }),
          )
        }
        totals={({ q, status }) =>
          got(
            api.GET("/console/v1/own/offers/totals", {
              params: { query: { q, status: status ? [status as Offer["status"]] : undefined } },
            }),
          )
        }
        detail={(_id, row) => row && <Detail key={row.id} row={row} />}
        detailTitle={(row, id) => row?.good_name || row?.good_id || id}
        empty={{ title: t("supply.no_offers"), text: t("supply.no_offers_text") }}
      />
    </Screen>
  );
}

function Detail({ row }: { row: Offer }) {
  const { t } = useTranslation();
  const may = useMay();
  const [stock, setStock] = useState<number | null>(row.stock ?? 0);
  const [cost, setCost] = useState((row.held_cost ?? row.unit_cost).amount);
  const currency = row.unit_cost.currency;
  const told = (row.held_cost ?? row.unit_cost).amount;
  const declare = useAct(
    () =>
      got(
        api.PUT("/console/v1/declared/{offer_id}", {
          params: { path: { offer_id: row.id } },
          body: { stock: stock ?? 0, unit_cost: cost === told ? null : { amount: cost, currency } },
        }),
      ),
    "my-offers",
    "supply",
  );
  return (
    <>
      {row.by_people && may("own.supply.write") && (
        <div className="acts gap">
          <AskButton
            label={t("supply.declare")}
            effect={t("supply.declare_text")}
            primary
            testid="declare"
            ready={stock !== null && stock >= 0 && /^\d{1,12}(\.\d{1,4})?$/.test(cost)}
            run={() => declare.mutateAsync(undefined)}
          >
            <label className="field">
              <span>{t("supply.stock_now")}</span>
              <Whole min={0} max={1_000_000} value={stock} change={setStock} data-testid="stock" />
            </label>
            <label className="field">
              <span>{t("supply.cost_now", { currency })}</span>
              <Input
                value={cost}
                inputMode="decimal"
                data-testid="cost"
                onChange={(event) => setCost(event.target.value.trim())}
              />
            </label>
          </AskButton>
        </div>
      )}
      {row.held_cost && <p className="effect">{t("supply.held_text", { cost: moneyText(row.held_cost) })}</p>}
      <Descriptions
        pairs={[
          [
            t("f.status"),
            <StatusTag key="s" kind="own_offer_status" code={row.status} tone={TONES[row.status]} />,
          ],
          [t("supply.article"), row.good_id],
          [t("f.sku"), row.sku_code],
          [t("f.connection"), row.connection_name],
          [t("f.cost"), <Money key="c" value={row.unit_cost} />],
          row.held_cost ? [t("supply.held_cost"), <Money key="h" value={row.held_cost} />] : null,
          [t("supply.declared"), row.stock],
          [t("supply.asked_of"), row.asked],
          [t("supply.free"), row.free],
          [t("supply.told_at"), <Time key="t" at={row.told_at} />],
        ]}
      />
    </>
  );
}

/** Many at once: the sheet as it stands, changed and sent back. */
function Sheet() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const zh = i18n.language.startsWith("zh");
  const tone = { same: "off", changed: "good", held: "warn", faulty: "bad" } as const;
  return (
    <>
      <Button data-testid="offers-sheet" onClick={() => setOpen(true)}>
        {t("supply.sheet")}
      </Button>
      <Modal
        open={open}
        title={t("supply.sheet")}
        footer={null}
        width={760}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <SheetUpload<Of<"MyOffersTold">>
          id="offers"
          text={t("supply.sheet_text")}
          go={t("supply.declare")}
          fits={(told) => told.faulty === 0 && told.items.some((one) => one.status !== "same")}
          done={() => void queries.invalidateQueries({ queryKey: ["my-offers"] })}
          send={(file, dry_run) =>
            got(
              api.POST("/console/v1/own/offers/sheet", {
                params: { query: { file_name: file.name, dry_run } },
                headers: { "content-type": sheetType(file) },
                body: file as never,
                bodySerializer: (body) => body as never,
              }),
            )
          }
          show={(told) => (
            <Small
              rows={told.items}
              keyOf={(one) => String(one.line)}
              none=""
              columns={[
                [t("supply.line"), (one) => one.line, "end"],
                [t("supply.article"), (one) => one.good_id || "–"],
                [
                  t("f.status"),
                  (one) => <StatusTag kind="offer_line_status" code={one.status} tone={tone[one.status]} />,
                ],
                [
                  t("supply.declared"),
                  (one) => `${one.stock_before ?? "–"} → ${one.stock ?? one.stock_before ?? "–"}`,
                  "end",
                ],
                [t("f.cost"), (one) => <Money value={one.unit_cost ?? one.unit_cost_before} />, "end"],
                [t("f.reason"), (one) => (zh ? one.zh : one.en)],
              ]}
            />
          )}
        >
          <p>
            <a href="/console/v1/own/offers/sheet" download="offers.csv">
              {t("supply.sheet_get")}
            </a>
          </p>
        </SheetUpload>
      </Modal>
    </>
  );
}
