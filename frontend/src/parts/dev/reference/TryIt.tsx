import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Offline } from "@/api/errors";
import { SandboxLink } from "@/parts/dev/mode";
import { pretty } from "@/parts/dev/pretty";
import { Button, CopyCode, Descriptions, FaultNote, Input, TextArea } from "@/ui";
import { type Answered, canSign, ownCall, tried } from "./sign";
import type { Mine, Operation } from "./types";
import { keepOrder } from "./values";

/** The call, signed in this page by the test key and sent to the sandbox of the same host. */
export function TryIt({ operation, mine }: { operation: Operation; mine: Mine }) {
  const { t } = useTranslation();
  const [call, setCall] = useState(() => ownCall(operation, mine));
  const [answer, setAnswer] = useState<Answered>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const writes = !["GET", "DELETE"].includes(operation.method);
  const send = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    setAnswer(undefined);
    try {
      const told = await tried({ ...operation, media: operation.call.media }, call, mine);
      keepOrder(told.body);
      setAnswer(told);
    } catch (error) {
      setFault(error instanceof TypeError ? new Offline() : error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h3>{t("dev.ref.try")}</h3>
      <p className="muted">{t(canSign() ? "dev.ref.try_text" : "dev.ref.no_crypto")}</p>
      <label className="field">
        <span>{t("dev.ref.path")}</span>
        <Input
          value={call.path}
          spellCheck={false}
          data-testid="try-path"
          onChange={(event) => setCall({ ...call, path: event.target.value })}
        />
      </label>
      {(call.query || !writes) && (
        <label className="field">
          <span>{t("dev.ref.query")}</span>
          <Input
            value={call.query}
            spellCheck={false}
            data-testid="try-query"
            onChange={(event) => setCall({ ...call, query: event.target.value })}
          />
        </label>
      )}
      {operation.call.media && (
        <label className="field">
          <span>{t("dev.body")}</span>
          <TextArea
            rows={Math.min(16, 1 + call.body.split("\n").length)}
            spellCheck={false}
            value={call.body}
            data-testid="try-body"
            onChange={(event) => setCall({ ...call, body: event.target.value })}
          />
        </label>
      )}
      <p className="acts gap">
        <Button
          type="primary"
          htmlType="submit"
          data-testid="try"
          loading={busy}
          disabled={!mine.key || !mine.secret || !canSign() || !call.path.startsWith("/v1/")}
        >
          {t("dev.again_send")}
        </Button>
      </p>
      <FaultNote error={fault} />
      {answer && (
        <div data-testid="tried" role="status">
          <Descriptions
            pairs={[
              [
                t("f.status"),
                <span key="s" className={`tag ${answer.status < 400 ? "good" : "warn"}`}>
                  {answer.status}
                </span>,
              ],
              [t("dev.took"), `${answer.elapsed_ms.toFixed(0)} ms`],
              [t("fault.request"), <CopyCode key="r" text={answer.request} />],
              answer.request
                ? [
                    t("dev.calls"),
                    <SandboxLink
                      key="l"
                      page={`dev?tab=calls&q=${encodeURIComponent(answer.request)}`}
                      text={t("dev.ref.in_log")}
                      testid="tried-in-log"
                    />,
                  ]
                : null,
            ]}
          />
          <pre className="wrap note" tabIndex={0}>
            {pretty(answer.body)}
          </pre>
        </div>
      )}
    </form>
  );
}
