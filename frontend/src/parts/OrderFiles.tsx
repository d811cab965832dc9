import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of, send } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { useRoot } from "@/parts/dev/audience";
import { Go } from "@/parts/Go";
import {
  AskButton,
  Button,
  type Column,
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

/** One's own order files: sent, under way, done. */
export function OrderFiles() {
  const { t } = useTranslation();
  const columns = useFileColumns();
  return (
    <>
      <Upload />
      <DataTable<Sheet>
        id="own-files"
        label={t("own.buy.files")}
        rowKey={(one) => one.id}
        poll={5_000}
        columns={columns}
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

export function useFileColumns(): Column<Sheet>[] {
  const { t } = useTranslation();
  return [
    { id: "name", title: t("own.files.name"), cell: (one) => <span className="wrap">{one.file_name}</span> },
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
  ];
}

interface ProgressProps {
  id: string;
  children?: ReactNode;
  /** It has just been sent, from further below on the page. */
  sent?: boolean;
}

/** How far a file is, and what came of its lines. */
export function FileProgress({ id, children, sent }: ProgressProps) {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const may = useMay();
  const params = { path: { sheet_id: id } };
  const { data, error, refetch } = useQuery({
    queryKey: ["own-files", "one", id],
    queryFn: (): Promise<Sheet> =>
      own
        ? got(api.GET("/console/v1/own/order-files/{sheet_id}", { params }))
        : got(api.GET("/console/v1/order-files/{sheet_id}", { params })),
    refetchInterval: (query) => (query.state.data?.status === "running" ? 1_000 : false),
  });
  const stop = useAct(
    () =>
      own
        ? got<unknown>(api.POST("/console/v1/own/order-files/{sheet_id}/cancel", { params }))
        : got<unknown>(api.POST("/console/v1/order-files/{sheet_id}/cancel", { params })),
    "own-files",
  );
  const box = useRef<HTMLDivElement>(null);
  const there = !!data;
  useEffect(() => {
    if (sent && there && id) box.current?.scrollIntoView({ block: "center" });
  }, [sent, there, id]);
  const stops = own || may("orders.place") || may("orders.write");
  if (error && !data) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Part title={t("own.files.progress")}>
      {children}
      <div ref={box} data-testid="file-progress" data-status={data.status}>
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
        <a href={`${root}/order-files/${id}/result`} download data-testid="result">
          {t("own.files.result")}
        </a>
        {stops && data.status === "running" && (
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

interface UploadProps {
  /** Whose orders they are, where it is not one's own company. */
  buyer?: string;
  placed?: (file: string) => void;
}

/** A file that is looked at before its lines are ordered. */
export function Upload({ buyer, placed }: UploadProps) {
  const { root } = useRoot();
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
    const query = new URLSearchParams({ file_name: file.name, ...(buyer && !path && { buyer_id: buyer }) });
    try {
      return (await got(
        send(`${root}/order-files${path}?${query}`, {
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
    const sheet = checked && (await give<Sheet>("", checked.file, checked.key));
    if (!sheet) return;
    setChecked(undefined);
    if (input.current) input.current.value = "";
    placed?.(sheet.id);
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
