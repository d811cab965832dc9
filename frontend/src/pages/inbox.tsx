import { useTranslation } from "react-i18next";
import { Notices } from "@/parts/inbox/Notices";
import { Requests } from "@/parts/inbox/Requests";
import { Waiting } from "@/parts/inbox/Waiting";
import { PageTabs, Screen, useListState } from "@/ui";

const VIEWS = ["mine", "decided", "mentioned"] as const;

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
          { id: "mentioned", label: t("approvals.mentioned") },
          { id: "notices", label: t("notices.title") },
        ]}
      />
      {tab === "decide" ? (
        <Waiting />
      ) : tab === "notices" ? (
        <Notices />
      ) : (
        <Requests key={tab} view={VIEWS.find((one) => one === tab) ?? "decided"} />
      )}
    </Screen>
  );
}
