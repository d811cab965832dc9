import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { save } from "@/api/files";
import { useMe } from "@/api/session";
import { useSaid, useWord } from "@/i18n";
import { App, AskButton, Button, FaultNote, Input, Modal, Part, Small, useAct } from "@/ui";
import { waitsForApproval } from "@/ui/form/values";
import { instantOf } from "@/ui/Time";
import { useRoleName } from "./ImportColumns";
import { useMended } from "./mended";

type Upload = Of<"UploadOut">;
type Report = NonNullable<Upload["report"]>;

interface Props {
  upload: Upload;
  change: (upload: Upload, step?: string) => void;
  back: () => void;
}

/** Step 3: what a commit would do; faults by what mends them, mended in place. */
export function ImportCheck({ upload, change, back }: Props) {
  const { t } = useTranslation();
  const said = useSaid();
  const word = useWord();
  const { message } = App.useApp();
  const name = useRoleName();
  const { zone } = useMe().mall;
  const { mended, set: setMended, restored, asking } = useMended(upload);
  const [mode, setMode] = useState<"all" | "valid">(upload.report?.rejected ? "valid" : "all");
  const [at, setAt] = useState("");
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const path = { params: { path: { upload_id: upload.id } } };
  const report = upload.report as Report;
  const fetched = useAct((where: string) => save(where));
  const doing = async (work: () => Promise<Upload>): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      change(await work());
      setMended(new Map());
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const again = () =>
    doing(async () => {
      const rows = [...mended].map(([line, cells]) => ({ line, cells }));
      if (rows.length)
        await got(api.PATCH("/console/v1/uploads/{upload_id}/rows", { ...path, body: { rows } }));
      return got(api.POST("/console/v1/uploads/{upload_id}/check", path));
    });
  const commit = async (reason: string): Promise<void> => {
    const body = {
      revision: upload.revision,
      mode: report.rejected ? mode : ("all" as const),
      reason,
      valid_from: at ? instantOf(at, zone) : null,
    };
    const done = await got(api.POST("/console/v1/uploads/{upload_id}/commit", { ...path, body }));
    if (!waitsForApproval(done)) return change(done);
    message.info(t("imports.asked"), 6);
    change(await got(api.GET("/console/v1/uploads/{upload_id}", path)));
  };
  const doable = report.create + report.update > 0 && upload.checked && !mended.size;
  const counts = ["create", "update", "same", "skip", "rejected"] as const;
  return (
    <Part title={word("import_step", "check")}>
      <div className="counts" data-testid="counts">
        <span>{t("imports.rows", { count: report.rows })}</span>
        {counts.map((one) => (
          <span
            key={one}
            data-testid={`count-${one}`}
            className={one === "rejected" && report[one] ? "bad" : ""}
          >
            <strong>{report[one].toLocaleString()}</strong> {word("import_count", one)}
          </span>
        ))}
      </div>
      {restored && mended.size > 0 && (
        <p className="note" role="status" data-testid="draft">
          {t("form.restored")}{" "}
          <button type="button" className="link" onClick={() => setMended(new Map())}>
            {t("form.discard")}
          </button>
        </p>
      )}
      <Modal
        open={asking.status === "blocked"}
        title={t("form.leave")}
        okText={t("form.leave_go")}
        cancelText={t("form.leave_stay")}
        okButtonProps={{ "data-testid": "leave" }}
        onOk={() => asking.proceed?.()}
        onCancel={() => asking.reset?.()}
      >
        {t("imports.mended_lost")}
      </Modal>
      {report.errors.map((group) => (
        <section key={group.reason} className="repair" data-testid="repair">
          <h3>
            {said(group)} <span className="tag bad">{group.count.toLocaleString()}</span>
          </h3>
          <Grid
            group={group}
            upload={upload}
            mended={mended}
            name={name}
            mend={(line, cells) => setMended(new Map(mended).set(line, cells))}
          />
        </section>
      ))}
      {report.warnings.length > 0 && (
        <ul className="muted" data-testid="warnings">
          {report.warnings.map((group) => (
            <li key={group.reason}>
              {said(group)}: {group.count.toLocaleString()}
            </li>
          ))}
        </ul>
      )}
      {report.changes.length > 0 && (
        <>
          <h3>{t("imports.changes", { count: report.changed_cells })}</h3>
          <Small
            rows={report.changes}
            keyOf={(one) => `${one.line} ${one.column}`}
            none=""
            columns={[
              [t("imports.line"), (one) => one.line, "end"],
              [t("f.name"), (one) => one.name],
              [t("imports.column"), (one) => name(one.column)],
              [t("imports.before"), (one) => (one.before === null ? t("imports.new") : one.before || "–")],
              [t("imports.after"), (one) => <strong>{one.after || t("imports.leaves")}</strong>],
            ]}
          />
        </>
      )}
      <FaultNote error={fault} />
      {upload.kind !== "codes" && (
        <label className="field">
          <span>{t("imports.valid_from")}</span>
          <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
          <small className="muted">{zone}</small>
        </label>
      )}
      {report.rejected > 0 && (
        <fieldset className="modes">
          <legend>{t("imports.mode")}</legend>
          {(["valid", "all"] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="mode" checked={mode === one} onChange={() => setMode(one)} />{" "}
              {word("import_mode", one)}
            </label>
          ))}
        </fieldset>
      )}
      <div className="acts">
        <Button onClick={back}>{t("imports.back")}</Button>
        <Button loading={busy} data-testid="recheck" onClick={() => void again()}>
          {mended.size ? t("imports.mend", { count: mended.size }) : t("imports.check")}
        </Button>
        {report.rejected > 0 && (
          <Button onClick={() => fetched.mutate(`/console/v1/uploads/${upload.id}/rejected`)}>
            {t("imports.rejected")}
          </Button>
        )}
        <AskButton
          label={t("imports.commit", { count: report.create + report.update })}
          effect={t("imports.commit_text", { create: report.create, update: report.update })}
          primary
          reason="may"
          disabled={!doable || (mode === "all" && report.rejected > 0)}
          testid="commit"
          run={commit}
        />
      </div>
    </Part>
  );
}

/** The rows of one repair, as they stand in the file; what is written here is sent with the next check. */
function Grid({
  group,
  upload,
  mended,
  name,
  mend,
}: {
  group: Report["errors"][number];
  upload: Upload;
  mended: ReadonlyMap<number, string[] | null>;
  name: (role: string) => string;
  mend: (line: number, cells: string[] | null) => void;
}) {
  const { t } = useTranslation();
  const rows = new Map((upload.report?.grid ?? []).map((row) => [row.line, row.cells]));
  const width = upload.columns.length;
  return (
    <div className="small grid" tabIndex={0} role="region" aria-label={t("imports.rows_of_repair")}>
      <table>
        <thead>
          <tr>
            <th className="end">{t("imports.line")}</th>
            {upload.columns.map((column) => (
              <th key={column.index}>{column.header || name(column.role)}</th>
            ))}
            <th>{t("imports.expected")}</th>
            <th>{t("imports.out")}</th>
          </tr>
        </thead>
        <tbody>
          {group.problems.map((problem) => {
            const known = rows.get(problem.line);
            const kept = mended.has(problem.line) ? mended.get(problem.line) : known;
            const cells = [...Array(width).keys()].map((n) => kept?.[n] ?? "");
            return (
              <tr key={`${problem.line} ${problem.column}`} className={kept === null ? "out" : undefined}>
                <td className="end">{problem.line}</td>
                {cells.map((cell, n) => (
                  <td key={upload.columns[n]?.index}>
                    <Input
                      value={cell}
                      disabled={!known || kept === null}
                      aria-label={t("imports.cell", {
                        line: problem.line,
                        column: upload.columns[n]?.header || n + 1,
                      })}
                      aria-invalid={problem.column === n || undefined}
                      onChange={(event) =>
                        mend(
                          problem.line,
                          cells.map((old, m) => (m === n ? event.target.value : old)),
                        )
                      }
                    />
                  </td>
                ))}
                <td>
                  {problem.expected || "–"} {problem.by && <small className="muted">{problem.by}</small>}
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={t("imports.out_of", { line: problem.line })}
                    checked={kept === null}
                    disabled={!known}
                    onChange={() => mend(problem.line, kept === null ? (known ?? []) : null)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {group.count > group.problems.length && (
        <p className="muted">{t("imports.more_rows", { count: group.count - group.problems.length })}</p>
      )}
    </div>
  );
}
