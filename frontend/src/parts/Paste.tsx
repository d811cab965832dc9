import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useDesk } from "@/api/desk";
import { useSaid } from "@/i18n";
import {
  AskButton,
  Button,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  Part,
  Select,
  Small,
  TextArea,
  useListState,
  Whole,
} from "@/ui";
import { newKey, useDraft, useKept } from "./draft";
import { usePrices } from "./market/prices";
import { FileProgress } from "./OrderFiles";

interface Draft {
  sku: string;
  text: string;
  quantity: number;
  repeats: boolean;
  key: string;
}

/** Accounts pasted one a line: looked at first, then paid for and watched. */
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
  const [looked, setLooked] = useState<Of<"PasteOut">>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
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
  const change = (more: Partial<Draft>): void => {
    keep({ ...draft, sku, ...more, key: newKey() });
    setLooked(undefined);
  };
  const asked = { sku_id: sku, text: draft.text, quantity: draft.quantity, repeats: draft.repeats };
  const attempt = async <T,>(work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    setFault(undefined);
    try {
      return await work();
    } catch (error) {
      setFault(error);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const look = () =>
    attempt(async () => setLooked(await got(api.POST("/console/v1/own/paste/check", { body: asked }))));
  const pay = async (): Promise<void> => {
    const sheet = await attempt(() =>
      got(
        api.POST("/console/v1/own/paste", {
          params: { header: { "Idempotency-Key": draft.key } },
          body: {
            ...asked,
            leave_out: looked?.faults.map((one) => one.row) ?? [],
            max_unit_price: looked?.unit_price,
          },
        }),
      ),
    );
    if (!sheet) return;
    keepLast(sku);
    clear();
    if (keeps) keep({ sku, text: "", quantity: 1, repeats: false, key: newKey() });
    setLooked(undefined);
    setSearch({ file: sheet.id, sku: undefined });
  };
  return (
    <>
      {search.file && <FileProgress id={search.file} />}
      <Part title={t("own.paste.title")}>
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
              setLooked(undefined);
            }}
          />
        </label>
        {good && (
          <div className="below">
            <Descriptions
              pairs={prices.map((price): [string, ReactNode] => [price.title, price.cell(good)])}
            />
            <p className="muted">
              {t("own.paste.order", {
                fields: good.fields.map((one) => said({ zh: one.label_zh, en: one.label_en })).join(" , "),
              })}
            </p>
          </div>
        )}
        <label className="field">
          <span>{t("own.paste.accounts")}</span>
          <TextArea
            rows={10}
            spellCheck={false}
            data-testid="paste-text"
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
          />
        </label>
        <div className="acts">
          <label className="field">
            <span>{t("own.paste.pieces")}</span>
            <Whole min={1} value={draft.quantity} change={(n) => change({ quantity: n ?? 1 })} />
          </label>
          <label>
            <input
              type="checkbox"
              checked={draft.repeats}
              onChange={(event) => change({ repeats: event.target.checked })}
            />{" "}
            {t("own.paste.repeats")}
          </label>
          <Button
            type="primary"
            loading={busy}
            disabled={!sku || !draft.text.trim()}
            data-testid="look"
            onClick={() => void look()}
          >
            {t("own.paste.look")}
          </Button>
        </div>
        <FaultNote error={fault} />
      </Part>
      {looked && <Looked looked={looked} text={draft.text} pay={pay} />}
    </>
  );
}

function Looked({ looked, text, pay }: { looked: Of<"PasteOut">; text: string; pay: () => Promise<void> }) {
  const { t } = useTranslation();
  const said = useSaid();
  const rows = text.split(/\r\n|\r|\n/);
  const short = looked.affordable < looked.good || (looked.in_stock ?? looked.good) < looked.good;
  return (
    <Part title={t("own.paste.looked")}>
      <div data-testid="looked">
        <Descriptions
          pairs={[
            [t("own.paste.good"), `${looked.good.toLocaleString()} / ${looked.lines.toLocaleString()}`],
            [t("own.home.pieces"), looked.pieces.toLocaleString()],
            [t("own.paste.total"), <Money key="t" value={looked.total} />],
            [t("own.home.available"), <Money key="a" value={looked.available} />],
            looked.held ? [t("own.paste.held"), looked.held.toLocaleString()] : null,
          ]}
        />
      </div>
      {looked.affordable < looked.good && (
        <p className="tag warn">{t("own.paste.affordable", { count: looked.affordable })}</p>
      )}
      {looked.in_stock !== null && looked.in_stock < looked.good && (
        <p className="tag warn">{t("own.paste.in_stock", { count: looked.in_stock })}</p>
      )}
      {looked.faults.length > 0 && (
        <>
          <h3>{t("own.paste.faults", { count: looked.faults.length })}</h3>
          <Small
            rows={looked.faults.slice(0, 200)}
            keyOf={(one) => String(one.row)}
            none=""
            columns={[
              [t("own.paste.row"), (one) => one.row, "end"],
              [t("own.paste.line"), (one) => <code>{rows[one.row - 1]?.slice(0, 60)}</code>],
              [t("f.reason"), (one) => said({ zh: one.message_zh, en: one.message_en })],
              [t("f.code"), (one) => <CopyCode text={one.code} />],
            ]}
          />
        </>
      )}
      <p className="acts">
        <AskButton
          primary
          label={t("own.paste.pay", { count: looked.good })}
          effect={short ? t("own.paste.pay_short") : t("own.paste.pay_text")}
          disabled={!looked.good}
          testid="paste-pay"
          run={pay}
        />
      </p>
    </Part>
  );
}
