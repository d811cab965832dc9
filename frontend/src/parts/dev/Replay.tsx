import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import { useRoot } from "@/parts/dev/audience";
import { SandboxLink, useSandbox } from "@/parts/dev/mode";
import { pretty } from "@/parts/dev/pretty";
import { Button, Descriptions, FaultNote, Part, TextArea } from "@/ui";

const HIDDEN = "\u2022\u2022\u2022";
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** The call again, in the sandbox: what the log hides is written once more, and nothing of it goes to the live mall. */
export function Replay({ id, call, kept }: { id: string; call: Of<"CallOut">; kept: string | null }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const may = useMay();
  const test = useMe().mode === "test";
  const there = useSandbox() || test;
  const [body, setBody] = useState(kept ? pretty(kept) : "");
  const [done, setDone] = useState<Of<"CallAgainOut">>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  if (!there || !(may("keys.write") || may("own.keys.write"))) return null;
  const writes = WITH_BODY.includes(call.method);
  const hides = body.includes(HIDDEN);
  const send = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    setDone(undefined);
    const asked = { params: { path: { call_id: id } }, body: { body: writes && body.trim() ? body : null } };
    try {
      setDone(
        own
          ? await got(api.POST("/console/v1/own/calls/{call_id}/replay", asked))
          : await got(api.POST("/console/v1/calls/{call_id}/replay", asked)),
      );
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part title={t("dev.again")}>
      <p className="muted">{t("dev.again_text")}</p>
      {writes && (
        <label className="field">
          <span>{kept ? t("dev.again_body") : t("dev.again_none")}</span>
          <TextArea
            rows={Math.min(16, 1 + body.split("\n").length)}
            spellCheck={false}
            value={body}
            data-testid="replay-body"
            onChange={(event) => setBody(event.target.value)}
          />
        </label>
      )}
      {writes && hides && <p className="tag warn">{t("dev.again_hidden", { hidden: HIDDEN })}</p>}
      <p className="acts">
        <Button
          type="primary"
          disabled={hides}
          loading={busy}
          data-testid="replay"
          onClick={() => void send()}
        >
          {t("dev.again_send")}
        </Button>
      </p>
      <FaultNote error={fault} />
      {done && (
        <div data-testid="replayed" role="status">
          <Descriptions
            pairs={[
              [
                t("f.status"),
                <span key="s" className={`tag ${done.status < 400 ? "good" : "warn"}`}>
                  {done.status}
                </span>,
              ],
              [t("dev.took"), `${done.elapsed_ms.toFixed(1)} ms`],
              [t("fault.request"), done.request_id],
              [t("f.key"), done.key_id],
              done.order_id
                ? [
                    t("dev.again_order"),
                    <SandboxLink
                      key="o"
                      page={`${own ? "my-orders" : "orders"}?open=${done.order_id}`}
                      text={done.order_id}
                      testid="see-replayed"
                    />,
                  ]
                : null,
            ]}
          />
          <pre className="wrap" tabIndex={0}>
            {pretty(done.body)}
          </pre>
        </div>
      )}
    </Part>
  );
}
