import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, got } from "@/api/client";
import { useMay } from "@/api/session";
import { useWord } from "@/i18n";
import { Bones, CopyCode, DangerConfirm, Descriptions, FaultNote, ReasonForm, StatusTag, useAct } from "@/ui";
import { Account } from "./customers/Account";
import { BuyerEdit } from "./customers/BuyerForm";
import { Contacts } from "./customers/Contacts";
import { Keys } from "./customers/Keys";
import { PriceNews } from "./customers/PriceNews";
import { Go } from "./Go";

export function BuyerDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = useMay();
  const params = { path: { buyer_id: id } };
  const {
    data: buyer,
    error,
    refetch,
  } = useQuery({
    queryKey: ["buyers", id],
    queryFn: () => got(api.GET("/console/v1/buyers/{buyer_id}", { params })),
  });
  const suspend = useAct(
    () => got(api.POST("/console/v1/buyers/{buyer_id}/suspend", { params })),
    "buyers",
    "names",
  );
  const resume = useAct(
    () => got(api.POST("/console/v1/buyers/{buyer_id}/resume", { params })),
    "buyers",
    "names",
  );
  if (error && !buyer) return <FaultNote error={error} retry={() => void refetch()} />;
  if (!buyer) return <Bones />;
  return (
    <>
      <div className="acts gap">
        {may("partners.write") && (
          <>
            {buyer.status === "active" ? (
              <DangerConfirm
                label={t("customers.suspend")}
                effect={t("customers.suspend_text")}
                type={buyer.name}
                testid="suspend"
                run={() => suspend.mutateAsync(undefined)}
              />
            ) : (
              <ReasonForm
                label={t("customers.resume")}
                reason={undefined}
                testid="resume"
                run={() => resume.mutateAsync(undefined)}
              />
            )}
            <BuyerEdit buyer={buyer} />
          </>
        )}
        {buyer.status === "active" && (
          <Go
            needs="orders.place"
            page="orders"
            search={{ tab: "bulk", buyer_id: id }}
            label={t("inbulk.label")}
          />
        )}
        <Go
          needs="orders.read"
          page="orders"
          search={{ tab: "files", buyer_id: id }}
          label={t("inbulk.files")}
        />
      </div>
      <Descriptions
        pairs={[
          [t("f.status"), <StatusTag key="s" kind="company" code={buyer.status} />],
          [t("f.business"), word("business", buyer.business)],
          [t("f.low_balance"), buyer.low_balance],
          [t("f.notes"), buyer.notes],
          [t("f.id"), <CopyCode key="i" text={buyer.id} />],
        ]}
      />
      {may("ledger.read") && <Account id={buyer.account_id} />}
      {may("keys.read") && <Keys organisation={buyer.id} of="buyer" />}
      <PriceNews buyer={buyer.id} />
      <Contacts organisation={buyer.id} />
    </>
  );
}
