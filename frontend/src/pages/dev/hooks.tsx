import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, got, type Of } from "@/api/client";
import { nameIn, useBuyers } from "@/api/names";
import { useWord } from "@/i18n";
import {
  AskButton,
  Button,
  CopyCode,
  DangerConfirm,
  DataTable,
  Descriptions,
  FaultNote,
  Input,
  type Page,
  Part,
  StatusTag,
  TextArea,
  Time,
  useAct,
} from "@/ui";
import { useRoot } from "./audience";
import { TestKept } from "./mode";

type Endpoint = Of<"EndpointOut">;

/** Where events are sent, and how it goes. */
export function Hooks() {
  const { t } = useTranslation();
  const { own, root } = useRoot();
  const company = nameIn(useBuyers());
  const [secret, setSecret] = useState<string>();
  return (
    <>
      {secret && (
        <div className="part" role="alert" data-testid="hook-secret">
          <p className="tag warn">{t("dev.secret_text")}</p>
          <CopyCode text={secret} /> <Button onClick={() => setSecret(undefined)}>{t("close")}</Button>
        </div>
      )}
      <TestKept text={t("dev.hooks_test")} />
      {own && <Add show={setSecret} />}
      <DataTable<Endpoint>
        id="dev-hooks"
        label={t("dev.hooks")}
        rowKey={(e) => e.id}
        columns={[
          { id: "url", title: t("f.address"), cell: (e) => <span className="wrap">{e.url}</span> },
          {
            id: "state",
            title: t("f.status"),
            cell: (e) => <StatusTag kind="webhook_endpoint_state" code={e.state} />,
          },
          { id: "events", title: t("dev.events"), cell: (e) => e.events.join(", ") || t("dev.all_events") },
          { id: "failures", title: t("dev.failures"), cell: (e) => e.failures, end: true },
          { id: "company", title: t("f.buyer"), cell: (e) => company(e.organisation_id), hidden: own },
        ]}
        load={async ({ cursor }) =>
          (await ask<Page<Endpoint>>(`${root}/webhook-endpoints`, { cursor, size: "50" })) ?? { items: [] }
        }
        detail={(_, e) => e && <Detail endpoint={e} show={setSecret} />}
        detailTitle={(e, id) => e?.url ?? id}
        empty={{ title: t("dev.no_hooks"), text: t("dev.no_hooks_text") }}
      />
    </>
  );
}

function Add({ show }: { show: (secret: string) => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState("");
  const add = useAct(
    () =>
      got(
        api.POST("/console/v1/own/webhook-endpoints", {
          body: { url: url.trim(), events: events.split(/[\s,]+/).filter(Boolean) },
        }),
      ),
    "dev-hooks",
  );
  return (
    <p className="acts gap">
      <AskButton
        primary
        label={t("dev.add_hook")}
        ready={/^https?:\/\//.test(url.trim())}
        testid="add-hook"
        run={async () => {
          show((await add.mutateAsync(undefined)).secret);
          setUrl("");
        }}
      >
        <label className="field">
          <span>{t("f.address")}</span>
          <Input
            type="url"
            value={url}
            placeholder="https://"
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t("dev.events_ask")}</span>
          <TextArea value={events} onChange={(event) => setEvents(event.target.value)} />
        </label>
      </AskButton>
    </p>
  );
}

function Detail({ endpoint, show }: { endpoint: Endpoint; show: (secret: string) => void }) {
  const { t } = useTranslation();
  const { own } = useRoot();
  const params = { path: { endpoint_id: endpoint.id } };
  const act = useAct(
    (verb: "pause" | "resume" | "disable" | "test") =>
      own
        ? got<unknown>(api.POST(`/console/v1/own/webhook-endpoints/{endpoint_id}/${verb}`, { params }))
        : got<unknown>(api.POST(`/console/v1/webhook-endpoints/{endpoint_id}/${verb}`, { params })),
    "dev-hooks",
  );
  const rotate = useAct(async () => {
    const body = { overlap_s: 86_400 };
    const made = own
      ? await got(api.POST("/console/v1/own/webhook-endpoints/{endpoint_id}/rotate", { params, body }))
      : await got(api.POST("/console/v1/webhook-endpoints/{endpoint_id}/rotate", { params, body }));
    show(made.secret);
  }, "dev-hooks");
  const active = endpoint.state === "active";
  return (
    <>
      <div className="acts">
        <Button disabled={endpoint.state === "disabled"} onClick={() => act.mutate("test")}>
          {t("dev.test")}
        </Button>
        {active ? (
          <AskButton
            label={t("dev.pause")}
            effect={t("dev.pause_text")}
            run={() => act.mutateAsync("pause")}
          />
        ) : (
          <Button onClick={() => act.mutate("resume")}>{t("dev.resume")}</Button>
        )}
        <AskButton
          label={t("dev.rotate")}
          effect={t("dev.rotate_hook")}
          run={() => rotate.mutateAsync(undefined)}
        />
        <DangerConfirm
          label={t("dev.disable")}
          effect={t("dev.disable_text")}
          type={endpoint.id.slice(-6)}
          disabled={endpoint.state === "disabled"}
          run={() => act.mutateAsync("disable")}
        />
      </div>
      <Descriptions
        pairs={[
          [t("f.address"), <CopyCode key="u" text={endpoint.url} />],
          [t("f.status"), <StatusTag key="s" kind="webhook_endpoint_state" code={endpoint.state} />],
          [t("dev.events"), endpoint.events.join(", ") || t("dev.all_events")],
          [t("dev.failures"), endpoint.failures],
          endpoint.failing_since ? [t("dev.failing"), <Time key="f" at={endpoint.failing_since} />] : null,
          endpoint.old_secret_until
            ? [t("dev.old_until"), <Time key="o" at={endpoint.old_secret_until} />]
            : null,
        ]}
      />
      <Tester id={endpoint.id} own={own} />
    </>
  );
}

/** Is what a receiver got ours? Headers and body as they came, judged with the endpoint's own secrets. */
function Tester({ id, own }: { id: string; own: boolean }) {
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
