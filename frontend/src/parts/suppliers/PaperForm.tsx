import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { pair, useBrands } from "@/api/names";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { FormButton } from "@/ui/form";

/** Of a file, as the server knows it again. */
async function fingerprint(file: File): Promise<string> {
  const made = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(made)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A supplier's licence, letter or invoice: what it says, and the document itself. */
export function PaperForm({ supplier }: { supplier?: string }) {
  const { t } = useTranslation();
  const said = useSaid();
  const may = useMay();
  const brands = useBrands();
  const made = useRef<Of<"PaperOut">>(undefined);
  const read = useQuery({
    queryKey: ["paperkinds"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => got(api.GET("/console/v1/paper-kinds")),
  });
  const kinds = read.data ?? [];
  if (!may("partners.write")) return null;
  const ofBrand = (kind: unknown): boolean => kinds.find((one) => one.kind === kind)?.of === "brand";
  return (
    <FormButton
      name={`paper-${supplier ?? ""}`}
      label={t("supplier.new_paper")}
      primary={!supplier}
      touched={["papers", "suppliers"]}
      fields={[
        {
          kind: "pick",
          name: "supplier_id",
          label: t("f.supplier"),
          must: true,
          fixed: !!supplier,
          of: "supplier",
        },
        {
          kind: "choice",
          name: "kind",
          label: t("f.kind"),
          must: true,
          of: read,
          choices: kinds.map((one) => ({ value: one.kind, label: said(one) })),
        },
        {
          kind: "many",
          name: "brand_ids",
          label: t("f.brand"),
          must: true,
          choices: brands.map((one) => ({ value: one.id, label: said(pair(one)) })),
          when: (v) => ofBrand(v.kind),
        },
        { kind: "text", name: "number", label: t("f.number"), most: 100, half: true },
        { kind: "text", name: "issuer", label: t("f.issuer"), most: 200, half: true },
        { kind: "text", name: "holder", label: t("f.holder"), most: 200, hint: t("supplier.holder_hint") },
        { kind: "day", name: "valid_from", label: t("f.valid_from"), must: true, half: true },
        {
          kind: "day",
          name: "valid_to",
          label: t("f.valid_to"),
          half: true,
          none: null,
          hint: t("supplier.to_hint"),
        },
        {
          kind: "file",
          name: "file",
          label: t("f.file"),
          must: true,
          accept: "application/pdf,image/*",
          also: ["sha256", "size_bytes", "file_name"],
        },
      ]}
      first={{
        supplier_id: supplier ?? "",
        kind: "",
        brand_ids: [],
        number: "",
        issuer: "",
        holder: "",
        valid_from: "",
        valid_to: "",
        file: null,
      }}
      send={async (sent) => {
        const { supplier_id, file, ...rest } = sent as { supplier_id: string; file: File };
        const body = {
          ...rest,
          file_name: file.name,
          size_bytes: file.size,
          sha256: await fingerprint(file),
        };
        // When the document did not come through, it is sent again, and not the paper.
        if (made.current?.sha256 !== body.sha256)
          made.current = await got(
            api.POST("/console/v1/suppliers/{supplier_id}/papers", {
              params: { path: { supplier_id } },
              body: body as unknown as Of<"PaperIn">,
            }),
          );
        return got(
          api.PUT("/console/v1/papers/{paper_id}/file", {
            params: { path: { paper_id: made.current.id } },
            body: file as unknown as string,
            bodySerializer: (given) => given,
            headers: { "Content-Type": "application/octet-stream" },
          }),
        );
      }}
    />
  );
}
