import { useTranslation } from "react-i18next";
import { switchMode, useMay } from "@/api/session";
import { Button, useAct } from "@/ui";
import { useSandbox } from "./dev/mode";

/** Where a new mall has nothing yet: the same page of its sandbox, which has sample goods to sell and play money to buy with. */
export function Sample({ page }: { page: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const there = useSandbox();
  const go = useAct(() => switchMode("test", page));
  if (!there || !may("sandbox.read")) return null;
  return (
    <Button data-testid="sample" loading={go.isPending} onClick={() => go.mutate(undefined)}>
      {t("steps.sample")}
    </Button>
  );
}
