import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { switchMode, useMay, useMe } from "@/api/session";
import {
  AskButton,
  Bones,
  Button,
  CopyCode,
  Descriptions,
  EmptyState,
  FaultNote,
  Part,
  Screen,
  Small,
  Time,
  useAct,
} from "@/ui";
import { FormButton } from "@/ui/form";

type Good = Of<"MagicOut">;
const HOUR = 3_600;

/** What a developer can try in the sandbox, and its clock. */
export default function Sandbox() {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const keeps = may("sandbox.write");
  const { data, error } = useQuery({
    queryKey: ["sandbox"],
    queryFn: () => got(api.GET("/console/v1/sandbox")),
    retry: false,
  });
  const sync = useAct(() => got(api.POST("/console/v1/sandbox/sync")), "sandbox");
  const reset = useAct(() => got(api.POST("/console/v1/sandbox/reset")), "sandbox");
  const enter = useAct(() => switchMode("test"));
  const done = sync.data ?? reset.data;
  return (
    <Screen
      title={t("nav.sandbox")}
      text={t("sandbox.text")}
      actions={
        <>
          {keeps && (
            <Button loading={sync.isPending} onClick={() => sync.mutate()} data-testid="sync">
              {t("sandbox.sync")}
            </Button>
          )}
          {keeps && (
            <AskButton
              label={t("sandbox.reset")}
              effect={t("sandbox.reset_effect")}
              run={() => reset.mutateAsync()}
              testid="reset"
            />
          )}
          {me.mode === "test" && may("sandbox.write") && <PlayMoney />}
          {me.mode === "live" && (
            <Button type="primary" loading={enter.isPending} onClick={() => enter.mutate()}>
              {t("mode.to_test")}
            </Button>
          )}
        </>
      }
    >
      {error ? <FaultNote error={error} /> : !data ? <Bones /> : null}
      {done && (
        <p role="status" className="muted">
          {t("sandbox.synced", { skus: done.skus, prices: done.prices, left: done.left })}
        </p>
      )}
      {data && (
        <>
          <Clock now={data.now} ahead={data.offset_s} keeps={keeps} />
          <Part title={t("sandbox.goods")}>
            {data.goods.every((good) => !good.sku_id) ? (
              <EmptyState title={t("sandbox.empty")} text={t("sandbox.empty_text")} />
            ) : (
              <Goods rows={data.goods} />
            )}
          </Part>
        </>
      )}
    </Screen>
  );
}

function Goods({ rows }: { rows: Good[] }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language.startsWith("zh") ? "zh" : "en";
  return (
    <Small<Good>
      rows={rows}
      keyOf={(good) => good.how}
      none={t("sandbox.empty")}
      columns={[
        [t("sandbox.good"), (good) => good.name[lang]],
        [t("sandbox.sku"), (good) => (good.sku_id ? <CopyCode text={good.sku_id} /> : "–")],
        [
          t("sandbox.expected"),
          (good) => <span className="wrap">{good.expected[lang].replaceAll("`", "")}</span>,
        ],
        [t("sandbox.ends"), (good) => <code>{good.status ?? good.refusal}</code>],
      ]}
    />
  );
}

/** Money that is none, for a buyer of the sandbox. */
function PlayMoney() {
  const { t } = useTranslation();
  const { currency } = useMe().mall;
  return (
    <FormButton
      name="play-money"
      label={t("told.play_money")}
      fields={[
        {
          kind: "pick",
          of: "buyer",
          name: "buyer_id",
          label: t("f.buyer"),
          must: true,
        },
        { kind: "money", name: "amount", label: t("f.amount"), must: true, currency },
        { kind: "text", name: "reference", label: t("money_form.reference"), must: true, most: 120 },
      ]}
      first={{ buyer_id: "", amount: "", reference: "" }}
      send={(sent) =>
        got(api.POST("/console/v1/sandbox/top-ups", { body: sent as unknown as Of<"TopUpIn"> }))
      }
    />
  );
}

/** One clock for everybody in the sandbox. */
function Clock({ now, ahead, keeps }: { now: string; ahead: number; keeps: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const move = useAct(
    (by: number) => got(api.PUT("/console/v1/clock", { body: { offset_s: ahead + by } })),
    "sandbox",
  );
  return (
    <Part title={t("sandbox.clock")}>
      <Descriptions
        pairs={[
          [t("sandbox.now"), <Time key="now" at={now} />],
          [t("sandbox.ahead"), t("sandbox.hours", { count: Math.round(ahead / HOUR) })],
        ]}
      />
      <p className="muted">{t("sandbox.shared")}</p>
      {keeps && me.mode === "test" && (
        <div className="actions">
          {[1, 24, 24 * 30].map((hours) => (
            <Button key={hours} disabled={move.isPending} onClick={() => move.mutate(hours * HOUR)}>
              {t(hours < 24 ? "sandbox.on_hours" : "sandbox.on_days", {
                count: hours < 24 ? hours : hours / 24,
              })}
            </Button>
          ))}
        </div>
      )}
    </Part>
  );
}
