import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { save } from "@/api/files";
import { useLive } from "@/api/live";
import { useMay, useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { AskButton, Button, Descriptions, JobProgress, Part, StatusTag, Time, useAct } from "@/ui";
import { waitsForApproval } from "@/ui/form/values";
import { JobActs } from "./JobActs";

type Upload = Of<"UploadOut">;

interface Props {
  upload: Upload;
  again: () => void;
  change: (upload: Upload) => void;
}

/** Step 4: how far it is, and what came of it. */
export function ImportEnd({ upload, again, change }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const me = useMe();
  const path = { params: { path: { upload_id: upload.id } } };
  const read = useQuery({
    queryKey: ["job", upload.job_id],
    enabled: !!upload.job_id && upload.status === "committing" && may("jobs.read"),
    refetchInterval: 2_000,
    queryFn: () =>
      got(api.GET("/console/v1/jobs/{job_id}", { params: { path: { job_id: upload.job_id ?? "" } } })),
  });
  useLive("job", (told) => {
    if (told.id === upload.job_id)
      void got(api.GET("/console/v1/uploads/{upload_id}", path)).then(change, () => undefined);
  });
  const fetched = useAct((where: string) => save(where));
  const undo = useAct(async () => {
    const done = await got(api.POST("/console/v1/uploads/{upload_id}/undo", path));
    change(waitsForApproval(done) ? await got(api.GET("/console/v1/uploads/{upload_id}", path)) : done);
    return done;
  });
  const result = upload.result;
  const sheet = upload.kind !== "codes";
  const undoing = upload.status === "done" && upload.undo_waits_for;
  const waits = undoing || (upload.status === "waiting" && upload.waits_for);
  const from = upload.how?.valid_from;
  // A second person's word that came after its instant: it holds since his word.
  const late =
    !!from && upload.kind === "prices" && !!upload.ended_at && Date.parse(upload.ended_at) > Date.parse(from);
  return (
    <Part title={word("import_step", "end")}>
      <p data-testid="upload-status">
        <StatusTag kind="upload_status" code={upload.status} />{" "}
        {upload.undone_at && (
          <>
            {t("imports.undone")} <Time at={upload.undone_at} />
          </>
        )}
      </p>
      {waits && (
        <div className="note" data-testid={undoing ? "undo-waits" : "waits-for"}>
          <p>{t(undoing ? "imports.undo_waits" : from ? "imports.waits_at" : "imports.waits")}</p>
          <Link to="/c/$org/inbox" params={{ org: me.mall.slug }} search={{ tab: "mine", open: waits }}>
            {t("imports.see_request")}
          </Link>
        </div>
      )}
      {upload.status === "committing" && read.data && (
        <>
          <JobProgress job={read.data} />
          <p className="muted">{t("imports.leave")}</p>
          <JobActs job={read.data} />
        </>
      )}
      {from && (
        <p data-testid="holds-from">
          {t("imports.holds_from")} <Time at={late ? upload.ended_at : from} />
          {late && (
            <>
              {" "}
              {t("imports.late")} <Time at={from} />
            </>
          )}
        </p>
      )}
      {result && (
        <div className="counts" data-testid="result">
          {(["created", "updated", "same", "skipped", "rejected"] as const).map((one) => (
            <span key={one} data-testid={`result-${one}`}>
              <strong>{result[one].toLocaleString()}</strong> {word("import_result", one)}
            </span>
          ))}
        </div>
      )}
      {result?.reason && <p className="warning">{word("refusal", result.reason)}</p>}
      <Descriptions
        pairs={[
          [t("imports.file"), upload.file_name],
          [t("f.created_at"), <Time key="m" at={upload.made_at} />],
          [t("f.ended_at"), <Time key="e" at={upload.ended_at} />],
        ]}
      />
      <div className="acts">
        {result && (
          <Button onClick={() => fetched.mutate(`/console/v1/uploads/${upload.id}/result`)}>
            {t("exports.result")}
          </Button>
        )}
        {result && result.rejected > 0 && upload.has_source && (
          <Button onClick={() => fetched.mutate(`/console/v1/uploads/${upload.id}/rejected`)}>
            {t("imports.rejected")}
          </Button>
        )}
        {sheet && upload.status === "done" && !upload.undone_at && !undoing && (
          <AskButton
            label={t("imports.undo")}
            effect={t("imports.undo_text")}
            danger
            testid="undo-upload"
            run={() => undo.mutateAsync(undefined)}
          />
        )}
        <Button type="primary" onClick={again}>
          {t("imports.again")}
        </Button>
      </div>
    </Part>
  );
}
