import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { useMay } from "@/api/session";
import { CopyCode, DangerConfirm, DataTable, Descriptions, useAct, useListState } from "@/ui";
import { TierForm } from "./BuyerForm";

type Tier = Of<"TierOut">;

/** Classes of buyers, each with its own prices. */
export function Tiers() {
  const { t } = useTranslation();
  return (
    <DataTable<Tier>
      id="tiers"
      label={t("told.tiers")}
      rowKey={(one) => one.id}
      columns={[
        { id: "name", title: t("f.name"), cell: (one) => one.name, value: (one) => one.name },
        { id: "rank", title: t("buyer.rank"), cell: (one) => one.rank, value: (one) => one.rank, end: true },
      ]}
      load={async () => ({ items: await got(api.GET("/console/v1/tiers")) })}
      detail={(_id, one) => one && <Detail one={one} />}
      detailTitle={(one, id) => one?.name ?? id}
      empty={{ title: t("told.no_tiers"), text: t("told.no_tiers_text") }}
    />
  );
}

function Detail({ one }: { one: Tier }) {
  const { t } = useTranslation();
  const may = useMay();
  const [, set] = useListState();
  const drop = useAct(
    () => got(api.DELETE("/console/v1/tiers/{tier_id}", { params: { path: { tier_id: one.id } } })),
    "tiers",
    "names",
  );
  return (
    <>
      {may("partners.write") && (
        <div className="acts gap">
          <TierForm tier={one} />
          <DangerConfirm
            label={t("contact.drop")}
            effect={t("told.drop_tier")}
            type={one.name}
            testid="drop-tier"
            run={async () => {
              await drop.mutateAsync(undefined);
              set({ open: undefined });
            }}
          />
        </div>
      )}
      <Descriptions
        pairs={[
          [t("f.name"), one.name],
          [t("buyer.rank"), one.rank],
          [t("f.id"), <CopyCode key="i" text={one.id} />],
        ]}
      />
    </>
  );
}
