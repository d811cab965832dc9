import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useBooks } from "@/api/names";
import { useWord } from "@/i18n";
import { Button, FaultNote, IconWarn, Input, Part, Picker, Select, Time } from "@/ui";
import { DayField } from "@/ui/form";

type Upload = Of<"UploadOut">;

/** What a column's role is called. A book's columns bear its name. */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation();
  const word = useWord();
  const books = useBooks();
  return (role) => {
    const [what, id] = role.split(":");
    const book = books.find((one) => one.id === id);
    if (what === "book") return book?.name ?? role;
    if (what === "version" && id) return t("imports.version_of", { name: book?.name ?? id });
    return word("import_role", role);
  };
}

/** Step 2: what each column is, and what the file does not say itself. */
export function ImportColumns({ upload, done }: { upload: Upload; done: (upload: Upload) => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const name = useRoleName();
  const [roles, setRoles] = useState(upload.columns.map((one) => one.role));
  const [options, setOptions] = useState(upload.options);
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const path = { params: { path: { upload_id: upload.id } } };
  const given = (change: Partial<Upload["options"]>) => setOptions({ ...options, ...change });
  const go = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const changed = roles.some((role, n) => role !== upload.columns[n]?.role);
      const body = { roles: changed && !upload.fixed ? roles : undefined, options };
      if (changed || upload.kind === "codes")
        await got(api.PUT("/console/v1/uploads/{upload_id}/columns", { ...path, body }));
      done(await got(api.POST("/console/v1/uploads/{upload_id}/check", path)));
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part title={word("import_step", "columns")}>
      <p className="muted">
        {t("imports.read_as", {
          file: upload.file_name,
          encoding: upload.format === "xlsx" ? "XLSX" : upload.encoding,
        })}{" "}
        {upload.remembered && t("imports.remembered")}
      </p>
      {upload.seen_before && (
        <p className="warning" data-testid="seen-before">
          <IconWarn aria-hidden /> {t("imports.seen_before")} <Time at={upload.seen_before.made_at} />
        </p>
      )}
      {upload.fixed ? (
        <p>{t("imports.fixed")}</p>
      ) : (
        <div className="small" tabIndex={0} role="region" aria-label={word("import_step", "columns")}>
          <table>
            <thead>
              <tr>
                <th>{t("imports.column")}</th>
                <th>{t("imports.sample")}</th>
                <th>{t("imports.means")}</th>
              </tr>
            </thead>
            <tbody>
              {upload.columns.map((column, n) => (
                <tr key={column.index}>
                  <td>{column.header || t("imports.nth", { n: n + 1 })}</td>
                  <td>{column.sample.slice(0, 3).join(" · ")}</td>
                  <td>
                    <Select
                      aria-label={`${t("imports.means")}: ${column.header || n + 1}`}
                      data-testid={`role-${n}`}
                      choices={["-", ...upload.role_choices].map((role) => ({
                        value: role,
                        label: name(role),
                      }))}
                      value={roles[n]}
                      change={(role) =>
                        setRoles(roles.map((old, m) => (m === n ? role : old === role ? "-" : old)))
                      }
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {upload.kind === "codes" && (
        <div className="form">
          <label className="field">
            <span>{t("imports.unit_cost")}</span>
            <Input
              inputMode="decimal"
              data-testid="unit-cost"
              value={options.unit_cost ?? ""}
              onChange={(event) => given({ unit_cost: event.target.value.trim() || null })}
            />
          </label>
          <div className="field">
            <label htmlFor="import-supplier">{t("f.supplier")}</label>
            <Picker
              id="import-supplier"
              of="supplier"
              label={t("f.supplier")}
              none={t("imports.no_supplier")}
              value={options.supplier_id ?? ""}
              change={(id) => given({ supplier_id: id || null })}
            />
          </div>
          <label className="field">
            <span>{t("f.source")}</span>
            <Input
              value={options.source}
              maxLength={500}
              onChange={(event) => given({ source: event.target.value })}
            />
          </label>
          <DayField
            label={t("imports.expires_on")}
            value={options.expires_on ?? ""}
            change={(day) => given({ expires_on: day || null })}
          />
        </div>
      )}
      <FaultNote error={fault} />
      <div className="acts">
        <Button type="primary" loading={busy} data-testid="check" onClick={() => void go()}>
          {t("imports.check")}
        </Button>
      </div>
    </Part>
  );
}
