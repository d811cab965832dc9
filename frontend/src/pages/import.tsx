import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { ImportCheck } from "@/parts/ImportCheck";
import { ImportColumns } from "@/parts/ImportColumns";
import { ImportEnd } from "@/parts/ImportEnd";
import { ImportFile } from "@/parts/ImportFile";
import { AskButton, Bones, FaultNote, Screen, useAct, useListState } from "@/ui";

type Upload = Of<"UploadOut">;
const STEPS = ["file", "columns", "check", "end"] as const;
const NEEDS = { codes: "stock.import", skus: "catalog.write", prices: "pricing.write" } as const;

/** A file becomes stock, goods or prices in four steps. The address names the upload: a reload goes on where one was. */
export default function Import() {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const queries = useQueryClient();
  const [search, set] = useListState();
  const kinds = (Object.keys(NEEDS) as Upload["kind"][]).filter((kind) => may(NEEDS[kind]));
  const id = search.upload;
  const { data, error, refetch } = useQuery({
    queryKey: ["upload", id],
    enabled: !!id,
    refetchInterval: (query) =>
      ["committing", "waiting"].includes(query.state.data?.status ?? "") ? 2_000 : false,
    queryFn: () =>
      got(api.GET("/console/v1/uploads/{upload_id}", { params: { path: { upload_id: id ?? "" } } })),
  });
  const take = (upload: Upload, step?: string): void => {
    queries.setQueryData(["upload", upload.id], upload);
    set({ upload: upload.id, kind: upload.kind, step });
  };
  const drop = useAct(async () => {
    await got(api.DELETE("/console/v1/uploads/{upload_id}", { params: { path: { upload_id: id ?? "" } } }));
    set({ upload: undefined, step: undefined });
  });
  const kind = data?.kind ?? kinds.find((one) => one === search.kind) ?? kinds[0] ?? "codes";
  const step = stepOf(id, data, search.step);
  return (
    <Screen
      title={t("imports.title", { kind: word("upload_kind", kind) })}
      text={t("imports.text")}
      actions={
        data?.status === "open" && (
          <AskButton
            label={t("imports.discard")}
            effect={t("imports.discard_text")}
            run={() => drop.mutateAsync(undefined)}
          />
        )
      }
    >
      <ol className="steps" aria-label={t("imports.steps")}>
        {STEPS.map((one, n) => (
          <li key={one} aria-current={one === step ? "step" : undefined} data-testid={`step-${one}`}>
            <span>{n + 1}</span> {word("import_step", one)}
          </li>
        ))}
      </ol>
      <FaultNote error={error} retry={() => void refetch()} />
      {id && !data && !error && <Bones rows={6} />}
      {step === "file" && !id && (
        <ImportFile
          kind={kind}
          kinds={kinds}
          sku={search.sku_id}
          setKind={(next) => set({ kind: next, sku_id: undefined })}
          done={(upload) => take(upload)}
        />
      )}
      {data && step === "columns" && (
        <ImportColumns upload={data} done={(upload) => take(upload, undefined)} />
      )}
      {data && step === "check" && (
        <ImportCheck upload={data} change={take} back={() => set({ step: "columns" })} />
      )}
      {data && step === "end" && (
        <ImportEnd upload={data} again={() => set({ upload: undefined, step: undefined })} change={take} />
      )}
    </Screen>
  );
}

function stepOf(
  id: string | undefined,
  upload: Upload | undefined,
  asked: string | undefined,
): (typeof STEPS)[number] {
  if (!id || !upload) return "file";
  if (upload.status !== "open") return "end";
  return upload.report && asked !== "columns" ? "check" : "columns";
}
