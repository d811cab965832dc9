import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Of } from "@/api/client";
import { beginExport, upload } from "@/api/files";
import { showJobs } from "@/app/bell";
import { useWord } from "@/i18n";
import { FROM_STOCK } from "@/parts/goods/kinds";
import { Button, FaultNote, IconImport, Part, Picker, Select, TextArea, useAct } from "@/ui";

type Upload = Of<"UploadOut">;

interface Props {
  kind: Upload["kind"];
  kinds: Upload["kind"][];
  sku: string | undefined;
  setKind: (kind: string) => void;
  done: (upload: Upload) => void;
}

/** Step 1: a file is dropped, chosen or pasted. */
export function ImportFile({ kind, kinds, sku: given, setKind, done }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const [sku, setSku] = useState(given ?? "");
  const [text, setText] = useState("");
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const ready = kind !== "codes" || sku !== "";
  const take = async (file: Blob | undefined, name: string): Promise<void> => {
    if (!file || !ready) return;
    setBusy(true);
    setFault(undefined);
    try {
      done(await upload(kind, file, name, kind === "codes" ? sku : undefined));
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const template = useAct(async () => {
    await beginExport(kind === "skus" ? "skus" : "prices", "xlsx", {});
    showJobs();
  }, "jobs");
  return (
    <Part title={word("import_step", "file")}>
      <div className="form">
        <label className="field">
          <span>{t("imports.kind")}</span>
          <Select
            data-testid="import-kind"
            choices={kinds.map((one) => ({ value: one, label: word("upload_kind", one) }))}
            value={kind}
            change={setKind}
          />
        </label>
        {kind === "codes" ? (
          <div className="field">
            <label htmlFor="import-sku">{t("imports.sku")}</label>
            <Picker
              id="import-sku"
              testid="import-sku"
              of="sku"
              where={{ kind: FROM_STOCK }}
              label={t("imports.sku")}
              none={t("imports.choose_sku")}
              must
              value={sku}
              change={setSku}
            />
          </div>
        ) : (
          <p className="muted">
            {t("imports.template_text")}{" "}
            <button type="button" className="link" onClick={() => template.mutate(undefined)}>
              {t("imports.template")}
            </button>
          </p>
        )}
      </div>
      <label
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const file = event.dataTransfer.files[0];
          void take(file, file?.name ?? "");
        }}
      >
        <IconImport aria-hidden />
        <span>{ready ? t("imports.drop") : t("imports.sku_first")}</span>
        <input
          type="file"
          data-testid="import-file"
          accept=".csv,.txt,.tsv,.xlsx"
          disabled={!ready || busy}
          onChange={(event) => {
            const file = event.target.files?.[0];
            void take(file, file?.name ?? "");
            event.target.value = "";
          }}
        />
      </label>
      <label className="field">
        <span>{t("imports.paste")}</span>
        <TextArea
          rows={5}
          value={text}
          spellCheck={false}
          data-testid="import-text"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <FaultNote error={fault} />
      <div className="acts">
        <Button
          type="primary"
          loading={busy}
          disabled={!ready || !text.trim()}
          data-testid="import-paste"
          onClick={() => void take(new Blob([text]), "pasted.txt")}
        >
          {t("imports.take_text")}
        </Button>
      </div>
    </Part>
  );
}
