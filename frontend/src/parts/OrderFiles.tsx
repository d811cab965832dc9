import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of, send } from "@/api/client";
import { useSaid } from "@/i18n";
import { Go } from "@/parts/Go";
import {
  AskButton,
  Button,
  DataTable,
  Descriptions,
  FaultNote,
  FileBox,
  Part,
  Small,
  StatusTag,
  Time,
  useAct,
} from "@/ui";
import { newKey } from "./draft";

type Sheet = Of<"SheetOut">;

const at = (id: string) => `/console/v1/own/order-files/${id}`;

/** One's own order files: sent, under way, done. */
export function OrderFiles() {
  const { t } = useTranslation();
  return (
    <>
      <Upload />
      <DataTable<Sheet>
        id="own-files"
        label={t("own.buy.files")}
        rowKey={(one) => one.id}
        poll={5_000}
        columns={[
          { id: "name", title: t("own.files.name"), cell: (one) => one.file_name },
          {
            id: "status",
            title: t("f.status"),
            cell: (one) => <StatusTag kind="order_file_status" code={one.status} />,
          },
          { id: "done", title: t("own.files.done"), cell: (one) => `${one.done} / ${one.lines}`, end: true },
          {
            id: "refused",
            title: t("own.files.refused"),
            cell: (one) => one.refused.toLocaleString(),
            end: true,
          },
          { id: "created_at", title: t("f.created_at"), cell: (one) => <Time at={one.created_at} /> },
        ]}
        load={({ cursor }) =>
          got(api.GET("/console/v1/own/order-files", { params: { query: { cursor, size: 50 } } }))
        }
        detail={(id) => <FileProgress id={id} />}
        detailTitle={(one, id) => one?.file_name ?? id}
        empty={{
          title: t("own.files.empty"),
          text: t("own.files.empty_text"),
          action: <Go needs="own.catalog.read" page="market" label={t("nav.market")} />,
        }}
      />
    </>
  );
}

/** How far a file is, and what came of its lines. */
export function FileProgress({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["own-files", "one", id],
    queryFn: () =>
      got(api.GET("/console/v1/own/order-files/{sheet_id}", { params: { path: { sheet_id: id } } })),
    refetchInterval: (query) => (query.state.data?.status === "running" ? 1_000 : false),
  });
  const stop = useAct(
    () =>
      got(api.POST("/console/v1/own/order-files/{sheet_id}/cancel", { params: { path: { sheet_id: id } } })),
    "own-files",
  );
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Part title={t("own.files.progress")}>
      <div data-testid="file-progress" data-status={data.status}>
        <span className="progress">
          <progress aria-label={t("own.files.progress")} max={data.lines} value={data.done} />
          <span>
            {data.done.toLocaleString()} / {data.lines.toLocaleString()}
          </span>
        </span>
        <Descriptions
          pairs={[
            [t("f.status"), <StatusTag key="s" kind="order_file_status" code={data.status} />],
            [t("own.files.accepted"), data.accepted.toLocaleString()],
            [t("own.files.refused"), data.refused.toLocaleString()],
          ]}
        />
      </div>
      <p className="acts">
        <a href={`${at(id)}/result`} download data-testid="result">
          {t("own.files.result")}
        </a>
        {data.status === "running" && (
          <AskButton
            danger
            label={t("own.files.stop")}
            effect={t("own.files.stop_text")}
            run={() => stop.mutateAsync(undefined)}
          />
        )}
      </p>
    </Part>
  );
}

function Upload() {
  const { t } = useTranslation();
  const said = useSaid();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [checked, setChecked] = useState<{ file: File; key: string; found: Of<"CheckOut"> }>();
  const [fault, setFault] = useState<unknown>();
  const give = async <T,>(path: string, file: File, key: string): Promise<T | undefined> => {
    setFault(undefined);
    const type = file.name.endsWith(".xlsx")
      ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
      : "text/csv";
    try {
      return (await got(
        send(`/console/v1/own/order-files${path}?file_name=${encodeURIComponent(file.name)}`, {
          method: "POST",
          body: file,
          headers: { "Content-Type": type, "Idempotency-Key": key },
        }).then(async (response) => {
          const body: unknown = await response.json();
          return response.ok ? { data: body, response } : { error: body, response };
        }),
      )) as T;
    } catch (error) {
      setFault(error);
      return undefined;
    }
  };
  const chosen = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const key = newKey();
    const found = await give<Of<"CheckOut">>("/check", file, key);
    setChecked(found && { file, key, found });
  };
  const place = async (): Promise<void> => {
    if (!checked || !(await give("", checked.file, checked.key))) return;
    setChecked(undefined);
    if (input.current) input.current.value = "";
    await queries.invalidateQueries({ queryKey: ["own-files"] });
  };
  return (
    <Part title={t("own.files.upload")}>
      <label className="field">
        <span>{t("own.files.columns")}</span>
        <FileBox
          field={input}
          file={checked?.file}
          accept=".csv,.xlsx,text/csv"
          choose={(file) => void chosen(file)}
        />
      </label>
      <FaultNote error={fault} />
      {checked && (
        <>
          <p>{t("own.files.checked", { lines: checked.found.lines, faulty: checked.found.faulty })}</p>
          <Small
            rows={checked.found.faults.slice(0, 50)}
            keyOf={(one) => String(one.row)}
            none=""
            columns={[
              [t("own.paste.row"), (one) => one.row, "end"],
              [t("f.reason"), (one) => said({ zh: one.message_zh, en: one.message_en })],
              [t("own.files.detail"), (one) => one.detail || "–"],
            ]}
          />
          <Button
            type="primary"
            disabled={checked.found.faulty >= checked.found.lines}
            onClick={() => void place()}
          >
            {t("own.files.place", { count: checked.found.lines - checked.found.faulty })}
          </Button>
        </>
      )}
    </Part>
  );
}
