import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { FaultNote } from "@/ui/FaultNote";

export function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <main className="screen">
      <FaultNote error={error} retry={() => void router.invalidate()} />
    </main>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <main className="screen">
      <EmptyState
        title={t("missing.title")}
        text={t("missing.text")}
        action={<Link to="/">{t("missing.home")}</Link>}
      />
    </main>
  );
}
