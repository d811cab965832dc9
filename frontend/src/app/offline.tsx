import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

function watch(tell: () => void): () => void {
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  return () => {
    window.removeEventListener("online", tell);
    window.removeEventListener("offline", tell);
  };
}

export function Offline() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  return online ? null : (
    <div className="offline" role="status">
      {t("offline")}
    </div>
  );
}
