import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { save } from "@/api/files";
import { useMay, useMe } from "@/api/session";
import { useAct } from "@/ui/act";
import { ReasonForm } from "@/ui/Confirm";
import { CopyCode } from "@/ui/CopyCode";
import { Button } from "@/ui/kit";

type Job = Of<"JobOut">;

/** What can be done about a job: stop it, or have what it made. */
export function JobActs({ job }: { job: Job }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const fetched = useAct((path: string) => save(path, path.endsWith("/fetch") ? "POST" : "GET"), "exports");
  const cancel = useAct(
    () => got(api.POST("/console/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } })),
    "jobs",
  );
  const made = (job.result ?? {}) as Record<string, unknown>;
  const id = (name: string): string | undefined => (typeof made[name] === "string" ? made[name] : undefined);
  const [upload, act, file] = [id("upload_id"), id("act_id"), id("export_id")];
  const open = ["queued", "running"].includes(job.state);
  return (
    <div className="acts">
      {open && may("jobs.write") && (
        <ReasonForm
          label={t("jobs.cancel")}
          effect={t("jobs.cancel_text")}
          danger
          reason={undefined}
          disabled={job.cancel_asked}
          run={() => cancel.mutateAsync(undefined)}
        />
      )}
      {file && (
        <Button
          type="primary"
          data-testid="fetch-export"
          loading={fetched.isPending}
          onClick={() => fetched.mutate(`/console/v1/exports/${file}/fetch`)}
        >
          {t("exports.fetch")}
        </Button>
      )}
      {file && String(made.file).endsWith(".zip") && <Password id={file} />}
      {act && (
        <Button onClick={() => fetched.mutate(`/console/v1/bulk-acts/${act}/result`)}>
          {t("exports.result")}
        </Button>
      )}
      {upload && (
        <>
          <Button onClick={() => fetched.mutate(`/console/v1/uploads/${upload}/result`)}>
            {t("exports.result")}
          </Button>
          <Link to="/c/$org/import" params={{ org: me.mall.slug }} search={{ upload }}>
            {t("imports.open")}
          </Link>
        </>
      )}
    </div>
  );
}

/** Shown once: whoever leaves without it has to export again. */
function Password({ id }: { id: string }) {
  const { t } = useTranslation();
  const [word, setWord] = useState("");
  const show = useAct(async () => {
    const path = { params: { path: { export_id: id } } };
    setWord((await got(api.POST("/console/v1/exports/{export_id}/password", path))).password);
  });
  if (word) return <CopyCode text={word} />;
  return <Button onClick={() => show.mutate(undefined)}>{t("exports.password")}</Button>;
}
