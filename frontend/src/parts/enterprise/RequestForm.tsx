import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useSaid } from "@/i18n";
import { Button, FaultNote, Input, Modal, moneyText, Select, TextArea, useAct, Whole } from "@/ui";
import { useDraft } from "../draft";
import { useDepartments } from "./departments";
import { useGoods } from "./requests";

interface Line {
  sku_id: string;
  quantity: number | null;
  fields: Record<string, string>;
}

interface Draft {
  no: string;
  department: string;
  lines: Line[];
  reason: string;
  recipients: string;
  most: string;
}

const blankLine = (): Line => ({ sku_id: "", quantity: 1, fields: {} });
const blank = (): Draft => ({
  no: crypto.randomUUID().replaceAll("-", ""),
  department: "",
  lines: [blankLine()],
  reason: "",
  recipients: "",
  most: "",
});

/** Ask to buy. What is written stays until it is sent; sent twice, it is the same request. */
export function RequestForm({
  open,
  close,
  done,
}: {
  open: boolean;
  close: () => void;
  done: (id: string) => void;
}) {
  const { t } = useTranslation();
  const [draft, keep, clear] = useDraft<Draft>("request", blank());
  const change = (some: Partial<Draft>): void => keep({ ...draft, ...some });
  const departments = useDepartments();
  const own = (departments.data?.items ?? []).filter((one) => one.status === "open");
  const goods = useGoods();
  const currency = own[0]?.available.currency ?? "CNY";
  const send = useAct(
    () => got(api.POST("/console/v1/own/requests", { body: bodyOf(draft, currency) })),
    "requests",
    "departments",
  );
  const put = (n: number, some: Partial<Line>): void =>
    change({ lines: draft.lines.map((line, at) => (at === n ? { ...line, ...some } : line)) });
  const ready = draft.lines.length > 0 && draft.lines.every((line) => line.sku_id && line.quantity);
  const sent = async (): Promise<void> => {
    try {
      const made = await send.mutateAsync(undefined);
      clear();
      done(made.id);
    } catch {
      // Told by the act; what was written stays.
    }
  };
  return (
    <Modal
      open={open}
      title={t("enterprise.ask")}
      onCancel={close}
      onOk={() => void sent()}
      okText={t("enterprise.send")}
      okButtonProps={{ disabled: !ready, loading: send.isPending, "data-testid": "send" }}
      cancelText={t("cancel")}
      destroyOnHidden
    >
      <FaultNote error={departments.error} retry={() => void departments.refetch()} />
      <div className="effect">{t("enterprise.ask_text")}</div>
      {own.length > 1 && (
        <label className="field">
          <span>{t("enterprise.department")}</span>
          <Select
            value={draft.department || own[0]?.id}
            change={(department) => change({ department })}
            choices={own.map((one) => ({ value: one.id, label: `${one.name} ${moneyText(one.available)}` }))}
          />
        </label>
      )}
      {draft.lines.map((line, n) => (
        <LineFields
          key={n}
          n={n}
          line={line}
          goods={goods}
          put={(some) => put(n, some)}
          drop={
            draft.lines.length > 1
              ? () => change({ lines: draft.lines.filter((_, at) => at !== n) })
              : undefined
          }
        />
      ))}
      <Button onClick={() => change({ lines: [...draft.lines, blankLine()] })}>
        {t("enterprise.add_line")}
      </Button>
      <label className="field">
        <span>{t("enterprise.max_amount")}</span>
        <Input
          value={draft.most}
          inputMode="decimal"
          name="most"
          onChange={(e) => change({ most: e.target.value })}
        />
        <small className="muted">{t("enterprise.max_amount_text")}</small>
      </label>
      <label className="field">
        <span>{t("f.reason")}</span>
        <Input
          value={draft.reason}
          maxLength={500}
          name="reason"
          onChange={(e) => change({ reason: e.target.value })}
        />
      </label>
      <label className="field">
        <span>{t("enterprise.recipients")}</span>
        <TextArea
          value={draft.recipients}
          name="recipients"
          onChange={(e) => change({ recipients: e.target.value })}
        />
        <small className="muted">{t("enterprise.recipients_text")}</small>
      </label>
    </Modal>
  );
}

function LineFields({
  n,
  line,
  goods,
  put,
  drop,
}: {
  n: number;
  line: Line;
  goods: ReturnType<typeof useGoods>;
  put: (some: Partial<Line>) => void;
  drop?: () => void;
}) {
  const { t } = useTranslation();
  const said = useSaid();
  const chosen = goods.data?.items.find((one) => one.sku_id === line.sku_id);
  const [find, setFind] = useState("");
  const found = useGoods(find);
  const shown = find ? found : goods;
  return (
    <fieldset className="field">
      <legend>{t("enterprise.line", { n: n + 1 })}</legend>
      <Input
        value={find}
        placeholder={t("enterprise.find_goods")}
        aria-label={t("enterprise.find_goods")}
        onChange={(event) => setFind(event.target.value)}
      />
      <Select
        aria-label={t("f.sku")}
        data-testid={`sku-${n}`}
        value={line.sku_id}
        change={(sku_id) => put({ sku_id, fields: {} })}
        none={t("enterprise.choose")}
        of={shown}
        choices={(shown.data?.items ?? []).map((one) => ({
          value: one.sku_id,
          label: `${said({ zh: one.name_zh, en: one.name_en })} ${moneyText(one.unit_price, true)}`,
        }))}
      />
      <Whole
        aria-label={t("f.quantity")}
        data-testid={`quantity-${n}`}
        min={1}
        max={chosen?.max_quantity}
        value={line.quantity}
        change={(quantity) => put({ quantity })}
      />
      {(chosen?.fields ?? []).map((spec) => (
        <label key={spec.name} className="field">
          <span>{said({ zh: spec.label_zh, en: spec.label_en })}</span>
          <Input
            value={line.fields[spec.name] ?? ""}
            onChange={(event) => put({ fields: { ...line.fields, [spec.name]: event.target.value } })}
          />
        </label>
      ))}
      {drop && (
        <button type="button" className="link" onClick={drop}>
          {t("enterprise.drop_line")}
        </button>
      )}
    </fieldset>
  );
}

function bodyOf(draft: Draft, currency: string): Of<"RequestIn"> {
  const people = draft.recipients
    .split("\n")
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row) => {
      const [name = "", ...rest] = row.split(/[,\uff0c\t]/);
      return { name: name.trim(), contact: rest.join(" ").trim() };
    });
  return {
    request_no: draft.no,
    reason: draft.reason,
    department_id: draft.department || null,
    max_amount: draft.most.trim() ? { amount: draft.most.trim(), currency } : null,
    recipients: people,
    lines: draft.lines.map((line) => ({
      sku_id: line.sku_id,
      quantity: line.quantity ?? 1,
      fields: Object.keys(line.fields).length ? line.fields : null,
    })),
  };
}
