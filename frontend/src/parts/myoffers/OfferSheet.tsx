import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { asSheet, SheetUpload } from "@/parts/SheetUpload";
import { Button, Modal, Money, Small, StatusTag } from "@/ui";

/** Many at once: the sheet as it stands, changed and sent back. */
export function OfferSheet() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const zh = i18n.language.startsWith("zh");
  const tone = { same: "off", changed: "good", held: "warn", faulty: "bad" } as const;
  return (
    <>
      <Button data-testid="offers-sheet" onClick={() => setOpen(true)}>
        {t("supply.sheet")}
      </Button>
      <Modal
        open={open}
        title={t("supply.sheet")}
        footer={null}
        width={760}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <SheetUpload<Of<"MyOffersTold">>
          id="offers"
          text={t("supply.sheet_text")}
          go={t("supply.declare")}
          fits={(told) => told.faulty === 0 && told.items.some((one) => one.status !== "same")}
          done={() => void queries.invalidateQueries({ queryKey: ["my-offers"] })}
          send={(file, dry_run) =>
            got(
              api.POST("/console/v1/own/offers/sheet", {
                params: { query: { file_name: file.name, dry_run } },
                ...asSheet(file),
              }),
            )
          }
          show={(told) => (
            <Small
              rows={told.items}
              keyOf={(one) => String(one.line)}
              none=""
              columns={[
                [t("supply.line"), (one) => one.line, "end"],
                [t("supply.article"), (one) => one.good_id || "–"],
                [
                  t("f.status"),
                  (one) => <StatusTag kind="offer_line_status" code={one.status} tone={tone[one.status]} />,
                ],
                [
                  t("supply.declared"),
                  (one) => `${one.stock_before ?? "–"} → ${one.stock ?? one.stock_before ?? "–"}`,
                  "end",
                ],
                [t("f.cost"), (one) => <Money value={one.unit_cost ?? one.unit_cost_before} />, "end"],
                [t("f.reason"), (one) => (zh ? one.zh : one.en)],
              ]}
            />
          )}
        >
          <p>
            <a href="/console/v1/own/offers/sheet" download="offers.csv">
              {t("supply.sheet_get")}
            </a>
          </p>
        </SheetUpload>
      </Modal>
    </>
  );
}
