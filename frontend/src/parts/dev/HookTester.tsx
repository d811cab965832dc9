import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useWord } from "@/i18n";
import { Button, FaultNote, Part, TextArea } from "@/ui";

/** Is what a receiver got ours? Headers and body as they came, judged with the endpoint's own secrets. */
export function HookTester({ id, own }: { id: string; own: boolean }) {
  const { t } = useTranslation();
  const word = useWord();
  const [headers, setHeaders] = useState("");
  const [body, setBody] = useState("");
  const [said, setSaid] = useState<Of<"SignatureOut">>();
  const [fault, setFault] = useState<unknown>();
  const check = async (): Promise<void> => {
    setFault(undefined);
    const given = Object.fromEntries(
      headers.split("\n").flatMap((line) => {
        const at = line.indexOf(":");
        return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
      }),
    );
    const asked = { params: { path: { endpoint_id: id } }, body: { headers: given, body } };
    try {
      setSaid(
        own
          ? await got(api.POST("/console/v1/own/webhook-endpoints/{endpoint_id}/verify", asked))
          : await got(api.POST("/console/v1/webhook-endpoints/{endpoint_id}/verify", asked)),
      );
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <Part title={t("dev.tester")}>
      <label className="field">
        <span>{t("dev.tester_headers")}</span>
        <TextArea
          value={headers}
          placeholder={"webhook-id: …\nwebhook-timestamp: …\nwebhook-signature: v1,…"}
          onChange={(event) => setHeaders(event.target.value)}
        />
      </label>
      <label className="field">
        <span>{t("dev.tester_body")}</span>
        <TextArea value={body} spellCheck={false} onChange={(event) => setBody(event.target.value)} />
      </label>
      <Button disabled={!headers.trim()} onClick={() => void check()}>
        {t("dev.tester_check")}
      </Button>
      <FaultNote error={fault} />
      {said && (
        <p className={`tag ${said.genuine ? "good" : "bad"}`} role="status">
          {said.genuine ? t("dev.genuine") : word("webhook_signature_fault", said.fault)}
        </p>
      )}
    </Part>
  );
}
