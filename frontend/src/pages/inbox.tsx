import { useTranslation } from "react-i18next";
import { Requests } from "@/parts/inbox/Requests";
import { Waiting } from "@/parts/inbox/Waiting";
import { PageTabs, Screen, useListState } from "@/ui";

export default function Inbox() {
  const { t } = useTranslation();
  const [search] = useListState();
  const tab = search.tab ?? "decide";
  return (
    <Screen title={t("nav.inbox")} text={t("approvals.text")}>
      <PageTabs
        label={t("nav.inbox")}
        tabs={[
          { id: "decide", label: t("approvals.decide") },
          { id: "mine", label: t("approvals.mine") },
          { id: "decided", label: t("approvals.decided") },
        ]}
      />
      {tab === "decide" ? <Waiting /> : <Requests key={tab} view={tab === "mine" ? "mine" : "decided"} />}
    </Screen>
  );
}
