import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useDesk } from "@/api/desk";
import { useSaid } from "@/i18n";
import { Descriptions, Select, useListState } from "@/ui";
import { newKey, useDraft, useKept } from "./draft";
import { usePrices } from "./market/prices";
import { FileProgress } from "./OrderFiles";
import { type Pasted, PasteForm } from "./PasteForm";

interface Draft extends Pasted {
  sku: string;
}

/** Accounts pasted one a line by a buyer's own person: looked at first, then paid for and watched. */
export function Paste() {
  const { t } = useTranslation();
  const said = useSaid();
  const [search, setSearch] = useListState();
  const prices = usePrices();
  const keeps = useDesk()?.defaults.keeps_goods ?? false;
  const [last, keepLast] = useKept("paste-goods", keeps);
  const [draft, keep, clear] = useDraft<Draft>("paste", {
    sku: search.sku ?? last,
    text: "",
    quantity: 1,
    repeats: false,
    key: newKey(),
  });
  const sold = useQuery({
    queryKey: ["own", "topups"],
    staleTime: 60_000,
    queryFn: async () => {
      const { items } = await got(api.GET("/console/v1/own/goods", { params: { query: { size: 200 } } }));
      return items.filter((good) => good.fields.length > 0);
    },
  });
  const goods = sold.data;
  const wanted = search.sku ?? draft.sku;
  const good = goods?.find((one) => one.sku_id === wanted);
  const sku = goods && !good ? "" : wanted; // what is not sold any more has to be chosen anew
  const placed = (file: string): void => {
    keepLast(sku);
    clear();
    if (keeps) keep({ sku, text: "", quantity: 1, repeats: false, key: newKey() });
    setSearch({ file, sku: undefined });
  };
  return (
    <>
      {search.file && <FileProgress id={search.file} sent />}
      <PasteForm
        draft={draft}
        change={(more) => keep({ ...draft, sku, ...more, key: newKey() })}
        sku={sku}
        look={(body) => got(api.POST("/console/v1/own/paste/check", { body }))}
        order={(body, key) =>
          got(api.POST("/console/v1/own/paste", { params: { header: { "Idempotency-Key": key } }, body }))
        }
        placed={placed}
        effect={t("own.paste.pay_text")}
      >
        <label className="field">
          <span>{t("f.sku")}</span>
          <Select
            data-testid="paste-sku"
            value={sku}
            none={t("own.paste.choose")}
            of={sold}
            choices={(goods ?? []).map((product) => ({
              value: product.sku_id,
              label: `${said(product.name)} · ${product.code}`,
            }))}
            change={(value) => {
              setSearch({ sku: value || undefined });
              keep({ ...draft, sku: value, key: newKey() });
            }}
          />
        </label>
        {good && (
          <div className="below">
            <Descriptions
              pairs={prices.map((price): [string, ReactNode] => [price.title, price.cell(good)])}
            />
            <FieldsOf fields={good.fields} />
          </div>
        )}
      </PasteForm>
    </>
  );
}

/** In which order a line says what the goods ask for. */
export function FieldsOf({ fields }: { fields: { label_zh: string; label_en: string }[] }) {
  const { t } = useTranslation();
  const said = useSaid();
  return (
    <p className="muted">
      {t("own.paste.order", {
        fields: fields.map((one) => said({ zh: one.label_zh, en: one.label_en })).join(" , "),
      })}
    </p>
  );
}
