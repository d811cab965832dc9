import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMe } from "@/api/session";
import { useWord } from "@/i18n";
import { Go } from "@/parts/Go";
import { RequestDetail } from "@/parts/RequestDetail";
import { asSheet, SheetUpload } from "@/parts/SheetUpload";
import { DataTable, IconWait, IconWarn, Money, PageTabs, Screen, Small, StatusTag, useListState } from "@/ui";

type Row = Of<"WantedOut">;
type Results = Of<"ProvidedResultsOut">;
const SOON_MS = 600_000;

export default function Asked() {
  const { t } = useTranslation();
  const [search] = useListState();
  const tabs = [
    { id: "queue", label: t("nav.asked") },
    { id: "sheet", label: t("supply.results") },
  ];
  return (
    <Screen title={t("nav.asked")} text={t("supply.asked_text")}>
      <PageTabs label={t("nav.asked")} tabs={tabs} />
      {search.tab === "sheet" ? <Sheet /> : <Queue />}
    </Screen>
  );
}

function Queue() {
  const { t } = useTranslation();
  const me = useMe();
  const holder = (row: Row): string =>
    row.holder === ""
      ? "–"
      : row.holder === `person:${me.person.id}`
        ? t("supply.me")
        : t("supply.colleague");
  return (
    <DataTable<Row>
      id="asked"
      label={t("nav.asked")}
      rowKey={(w) => w.id}
      poll={10_000}
      columns={[
        { id: "article", title: t("supply.article"), cell: (w) => w.good_id, value: (w) => w.good_id },
        {
          id: "quantity",
          title: t("f.quantity"),
          cell: (w) => w.quantity,
          value: (w) => w.quantity,
          end: true,
        },
        {
          id: "clock",
          title: t("supply.clock"),
          cell: (w) => <Clock before={w.provide_before} />,
          value: (w) => w.provide_before,
        },
        { id: "holder", title: t("supply.holder"), cell: holder, value: holder },
        {
          id: "cost",
          title: t("f.cost"),
          cell: (w) => <Money value={w.unit_cost} />,
          value: (w) => Number(w.unit_cost.amount),
          end: true,
        },
      ]}
      load={({ cursor }) =>
        got(api.GET("/console/v1/supply-requests", { params: { query: { cursor, size: 100 } } }))
      }
      detail={(_id, row) => row && <RequestDetail key={row.id} row={row} />}
      detailTitle={(row, id) => row?.good_id ?? id}
      empty={{
        title: t("supply.no_asked"),
        text: t("supply.no_asked_text"),
        action: <Go needs="own.supply.read" page="my-offers" label={t("nav.my-offers")} />,
      }}
    />
  );
}

/** How long there is still to provide it; by word and picture, not by colour alone. */
function Clock({ before }: { before: string }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(tick);
  }, []);
  const left = new Date(before).getTime() - now;
  const minutes = Math.floor(left / 60_000);
  const text =
    left <= 0
      ? t("supply.over")
      : minutes >= 2880
        ? t("days", { count: Math.floor(minutes / 1440) })
        : minutes >= 120
          ? t("supply.hours_left", { count: Math.floor(minutes / 60) })
          : t("supply.minutes_left", { count: Math.max(1, minutes) });
  const late = left < SOON_MS;
  return (
    <span className={late ? "tag bad" : "tag wait"}>
      {late ? <IconWarn aria-hidden /> : <IconWait aria-hidden />} {text}
    </span>
  );
}

function Sheet() {
  const { t, i18n } = useTranslation();
  const word = useWord();
  const queries = useQueryClient();
  const zh = i18n.language.startsWith("zh");
  const tone = { ready: "info", provided: "good", in_check: "warn", refused: "bad" } as const;
  return (
    <SheetUpload<Results>
      id="results"
      text={t("supply.results_text")}
      go={t("supply.provide")}
      fits={(told) => told.items.some((one) => one.status === "ready")}
      done={() => void queries.invalidateQueries({ queryKey: ["asked"] })}
      send={(file, dry_run) =>
        got(
          api.POST("/console/v1/own/supply-requests/results", {
            params: { query: { file_name: file.name, dry_run } },
            ...asSheet(file),
          }),
        )
      }
      show={(told) => (
        <Small
          rows={told.items}
          keyOf={(one) => one.purchase_id}
          none=""
          columns={[
            [t("supply.line"), (one) => one.line, "end"],
            [t("supply.our_no"), (one) => <code>{one.purchase_id}</code>],
            [t("f.quantity"), (one) => one.pieces, "end"],
            [
              t("f.status"),
              (one) => <StatusTag kind="provided_status" code={one.status} tone={tone[one.status]} />,
            ],
            [t("f.reason"), (one) => (one.code ? (zh ? one.zh : one.en) : word("reason", null))],
          ]}
        />
      )}
    />
  );
}
