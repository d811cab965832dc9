import { api, faultOf, got, type Of, send } from "./client";

/** A file that the server gives, saved under the name it has there. */
export async function save(path: string, method: "GET" | "POST" = "GET"): Promise<void> {
  const answer = await send(path, { method });
  if (!answer.ok) throw faultOf(answer, await answer.json().catch(() => undefined));
  const named = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "");
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = named?.[1] ?? "file";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file or a pasted text, as an upload to import. */
export async function upload(
  kind: Of<"UploadOut">["kind"],
  file: Blob,
  name: string,
  sku: string | undefined,
): Promise<Of<"UploadOut">> {
  const query = new URLSearchParams({ kind, file_name: name, ...(sku ? { sku_id: sku } : {}) });
  const type = name.endsWith(".xlsx")
    ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    : "text/csv";
  const answer = await send(`/console/v1/uploads?${query}`, {
    method: "POST",
    headers: { "Content-Type": type },
    body: file,
  });
  if (!answer.ok) throw faultOf(answer, await answer.json().catch(() => undefined));
  return answer.json();
}

export type ExportList = Of<"ExportOut">["list"];

/** Everything that the list's own parameters match, as a job. */
export function beginExport(
  list: ExportList,
  format: Of<"ExportOut">["format"],
  filter: Record<string, string | string[]>,
): Promise<Of<"ExportOut"> | Of<"ApprovalAsked">> {
  return got(api.POST("/console/v1/exports", { body: { list, format, filter } }));
}
