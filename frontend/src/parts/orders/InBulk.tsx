import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBuyerName, useSku } from "@/api/names";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { newKey } from "@/parts/draft";
import { Go } from "@/parts/Go";
import { FileProgress, Upload, useFileColumns } from "@/parts/OrderFiles";
import { FieldsOf } from "@/parts/Paste";
import { type Pasted, PasteForm } from "@/parts/PasteForm";
import { DataTable, Part, Picker, Select, useListState } from "@/ui";

type Sheet = Of<"BuyerSheetOut">;

const STATES = ["running", "done", "cancelled"] as const;

/** Many orders for a buyer, at his price and with his money: accounts pasted, or a file; looked at before anything is ordered. */
export function InBulk() {
  const { t } = useTranslation();
  const [search, set] = useListState();
  const { buyer_id: buyer, how = "paste", file } = search;
  const placed = (made: string): void => set({ file: made });
  return (
    <>
      {file && <Watched id={file} buyer={buyer} />}
      <Part title={t("inbulk.label")}>
        <p className="muted">{t("byhand.text")}</p>
        <div className="form">
          <div className="field">
            <label htmlFor="bulk-buyer">{t("f.buyer")}</label>
            <Picker
              id="bulk-buyer"
              testid="bulk-buyer"
              of="buyer"
              where={{ status: "active" }}
              label={t("f.buyer")}
              none={t("byhand.choose")}
              must
              value={buyer ?? ""}
              change={(id) => set({ buyer_id: id || undefined, file: undefined })}
            />
          </div>
          <label className="field">
            <span>{t("inbulk.how")}</span>
            <Select
              data-testid="bulk-how"
              value={how}
              choices={[
                { value: "paste", label: t("own.buy.paste") },
                { value: "file", label: t("own.files.upload") },
              ]}
              change={(value) => set({ how: value === "paste" ? undefined : value })}
            />
          </label>
        </div>
        {!buyer && <p className="muted">{t("inbulk.buyer_first")}</p>}
      </Part>
      {buyer &&
        (how === "file" ? (
          <Upload key={buyer} buyer={buyer} placed={placed} />
        ) : (
          <PasteFor key={buyer} buyer={buyer} placed={placed} />
        ))}
    </>
  );
}

/** The file that was just sent, and the way to all of them. */
function Watched({ id, buyer }: { id: string; buyer: string | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <FileProgress id={id} sent>
      <Link
        to="/c/$org/orders"
        params={{ org: me.mall.slug }}
        search={{ tab: "files", buyer_id: buyer }}
        data-testid="all-files"
      >
        {t("inbulk.of_buyer")}
      </Link>
    </FileProgress>
  );
}

const blank = (): Pasted => ({ text: "", quantity: 1, repeats: false, key: newKey() });

/** Whose accounts these are is his customers' affair: nothing of it is kept in the browser. */
function PasteFor({ buyer, placed }: { buyer: string; placed: (file: string) => void }) {
  const { t } = useTranslation();
  const [search, set] = useListState();
  const [draft, setDraft] = useState(blank);
  const sku = useSku(search.sku_id);
  const params = { path: { buyer_id: buyer } };
  return (
    <PasteForm
      draft={draft}
      change={(more) => setDraft({ ...draft, ...more, key: newKey() })}
      sku={search.sku_id ?? ""}
      look={(body) => got(api.POST("/console/v1/buyers/{buyer_id}/paste/check", { params, body }))}
      order={(body, key) =>
        got(
          api.POST("/console/v1/buyers/{buyer_id}/paste", {
            params: { ...params, header: { "Idempotency-Key": key } },
            body,
          }),
        )
      }
      placed={(file) => {
        setDraft(blank());
        placed(file);
      }}
      effect={t("inbulk.pay_text")}
    >
      <div className="field">
        <label htmlFor="bulk-sku">{t("f.sku")}</label>
        <Picker
          id="bulk-sku"
          testid="bulk-sku"
          of="sku"
          where={{ status: "listed", kind: "topup" }}
          label={t("f.sku")}
          none={t("own.paste.choose")}
          must
          value={search.sku_id ?? ""}
          change={(id) => {
            set({ sku_id: id || undefined });
            setDraft({ ...draft, key: newKey() });
          }}
        />
      </div>
      {sku && <FieldsOf fields={sku.fields} />}
    </PasteForm>
  );
}

/** Order files of all buyers: how far, what was refused. */
export function FilesOfBuyers() {
  const { t } = useTranslation();
  const word = useWord();
  const buyer = useBuyerName();
  const [name, ...rest] = useFileColumns();
  return (
    <DataTable<Sheet>
      id="own-files"
      label={t("inbulk.files")}
      rowKey={(one) => one.id}
      poll={5_000}
      filters={[
        {
          id: "status",
          label: t("f.status"),
          choices: STATES.map((value) => ({ value, label: word("order_file_status", value) })),
        },
        { id: "buyer_id", label: t("f.buyer"), pick: "buyer" },
      ]}
      columns={[
        ...(name ? [name] : []),
        { id: "buyer", title: t("f.buyer"), cell: (one) => buyer(one.buyer_id) },
        ...rest,
      ]}
      load={({ status, buyer_id, cursor }) =>
        got(
          api.GET("/console/v1/order-files", {
            params: { query: { status: status as Sheet["status"], buyer_id, cursor, size: 50 } },
          }),
        )
      }
      detail={(id, one) => (
        <FileProgress id={id}>{one && <p className="muted">{buyer(one.buyer_id)}</p>}</FileProgress>
      )}
      detailTitle={(one, id) => one?.file_name ?? id}
      empty={{
        title: t("own.files.empty"),
        text: t("inbulk.empty_text"),
        action: <Go needs="orders.place" page="orders" search={{ tab: "bulk" }} label={t("inbulk.label")} />,
      }}
    />
  );
}
