import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { useSaid } from "@/i18n";
import {
  AskButton,
  Button,
  CopyCode,
  Descriptions,
  FaultNote,
  Money,
  Part,
  Small,
  TextArea,
  Whole,
} from "@/ui";

/** What a buyer's own person is told, and the mall's staff: these not what is in his wallet. */
type Looked = Of<"BuyerPasteOut"> & { available?: Of<"PasteOut">["available"] };

export interface Pasted {
  text: string;
  quantity: number;
  repeats: boolean;
  /** Of what is written now: another text has another one. */
  key: string;
}

interface Props {
  draft: Pasted;
  change: (more: Partial<Pasted>) => void;
  sku: string;
  /** Which goods the accounts are for. */
  children: ReactNode;
  look: (asked: Of<"PasteIn">) => Promise<Looked>;
  order: (asked: Of<"PasteOrderIn">, key: string) => Promise<{ id: string }>;
  placed: (file: string) => void;
  /** What paying for them means. */
  effect: string;
}

/** Accounts pasted one a line: looked at first, then paid for. */
export function PasteForm({ draft, change, sku, children, look, order, placed, effect }: Props) {
  const { t } = useTranslation();
  const [looked, setLooked] = useState<{ key: string; told: Looked }>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const asked = { sku_id: sku, text: draft.text, quantity: draft.quantity, repeats: draft.repeats };
  const told = looked?.key === draft.key ? looked.told : undefined;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const pay = (): Promise<void> =>
    attempt(async () => {
      if (!told) return;
      const leave_out = told.faults.map((one) => one.row);
      const file = await order({ ...asked, leave_out, max_unit_price: told.unit_price }, draft.key);
      setLooked(undefined);
      placed(file.id);
    });
  return (
    <>
      <Part title={t("own.paste.title")}>
        {children}
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
            onClick={() => void attempt(async () => setLooked({ key: draft.key, told: await look(asked) }))}
          >
            {t("own.paste.look")}
          </Button>
        </div>
        <FaultNote error={fault} />
      </Part>
      {told && <Result looked={told} text={draft.text} effect={effect} pay={pay} />}
    </>
  );
}

interface ResultProps {
  looked: Looked;
  text: string;
  effect: string;
  pay: () => Promise<void>;
}

function Result({ looked, text, effect, pay }: ResultProps) {
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
            looked.available ? null : [t("f.unit_price"), <Money key="u" value={looked.unit_price} unit />],
            [t("own.paste.total"), <Money key="t" value={looked.total} />],
            looked.available ? [t("own.home.available"), <Money key="a" value={looked.available} />] : null,
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
          effect={short ? t("own.paste.pay_short") : effect}
          disabled={!looked.good}
          testid="paste-pay"
          run={pay}
        />
      </p>
    </Part>
  );
}
