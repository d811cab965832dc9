import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { useSaid } from "@/i18n";
import { Intakes } from "@/parts/Intakes";
import { SheetUpload } from "@/parts/SheetUpload";
import { Button, CopyCode, Descriptions, Modal, Money, Screen, Select, Small } from "@/ui";
import { DayField, isDay } from "@/ui/form";

type Told = Of<"MyIntakeOut">;

export default function MyIntakes() {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  return (
    <Screen
      title={t("nav.my-intakes")}
      text={t("supply.intakes_text")}
      actions={
        may("own.supply.write") && (
          <Button type="primary" data-testid="bring" onClick={() => setOpen(true)}>
            {t("supply.bring")}
          </Button>
        )
      }
    >
      <Intakes own />
      <Modal
        open={open}
        title={t("supply.bring")}
        footer={null}
        width={720}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Bring />
      </Modal>
    </Screen>
  );
}

function Bring() {
  const { t } = useTranslation();
  const said = useSaid();
  const queries = useQueryClient();
  const [sku, setSku] = useState("");
  const [expires, setExpires] = useState("");
  const offers = useQuery({
    queryKey: ["my-offers", "for-intake"],
    queryFn: () =>
      got(api.GET("/console/v1/own/offers", { params: { query: { status: ["on", "held"], size: 200 } } })),
  });
  const codes = (offers.data?.items ?? []).filter((one) => one.kind === "code");
  const choices = [...new Map(codes.map((one) => [one.sku_id, one])).values()].map((one) => ({
    value: one.sku_id,
    label: `${one.sku_code} ${said({ zh: one.sku_zh, en: one.sku_en })}`,
  }));
  return (
    <>
      <label className="field">
        <span>{t("f.sku")}</span>
        <Select
          choices={choices}
          of={offers}
          none={t("supply.choose_sku")}
          value={sku}
          change={setSku}
          data-testid="intake-sku"
        />
      </label>
      <DayField label={t("supply.expires_on")} value={expires} change={setExpires} />
      {sku && (expires === "" || isDay(expires)) && (
        <SheetUpload<Told>
          key={`${sku} ${expires}`}
          id="intake"
          text={t("supply.intake_file")}
          go={t("supply.bring")}
          fits={(told) => told.imported > 0}
          done={() => void queries.invalidateQueries({ queryKey: ["intakes"] })}
          send={(file, dry_run) =>
            got(
              api.POST("/console/v1/own/intakes", {
                body: { options: "", file: "" },
                bodySerializer: () => {
                  const form = new FormData();
                  const options = { sku_id: sku, dry_run, expires_on: expires || null };
                  form.append("options", JSON.stringify(options));
                  form.append("file", file, file.name);
                  return form;
                },
              }),
            )
          }
          show={(told, done) => <Seen told={told} done={done} />}
        />
      )}
    </>
  );
}

function Seen({ told, done }: { told: Told; done: boolean }) {
  const { t, i18n } = useTranslation();
  const zh = i18n.language.startsWith("zh");
  return (
    <div data-testid={done ? "intake-done" : "intake-seen"}>
      <p className="effect">
        {done ? t("supply.brought") : t("supply.would_bring", { codes: told.imported })}
      </p>
      <Descriptions
        pairs={[
          done ? [t("supply.receipt"), <CopyCode key="r" text={told.sha256} />] : null,
          [t("supply.kept"), told.imported],
          [t("supply.known"), told.known_elsewhere],
          [t("supply.repeated"), told.repeated_in_file],
          [t("supply.expired"), told.expired],
          [t("supply.faulty"), told.faulty],
          [t("f.cost"), <Money key="c" value={told.unit_cost} />],
          told.sample[0] ? [t("supply.sample"), <code key="s">{told.sample[0].join("  ")}</code>] : null,
        ]}
      />
      {told.faults.length > 0 && (
        <Small
          rows={told.faults.slice(0, 20)}
          keyOf={(one) => String(one.line)}
          none=""
          columns={[
            [t("supply.line"), (one) => one.line, "end"],
            [t("f.reason"), (one) => (zh ? one.zh : one.en)],
          ]}
        />
      )}
    </div>
  );
}
