import { useTranslation } from "react-i18next";
import { switchMode, useMe } from "@/api/session";
import { Button, useAct } from "@/ui";

/** Is there a sandbox to make things in, beside the live mall that is open here? */
export function useSandbox(): boolean {
  const me = useMe();
  return !!me.flags.sandbox && me.mode === "live";
}

/** What is of the sandbox is kept there: the way to it, and back to this page. */
export function TestKept({ text }: { text: string }) {
  const { t } = useTranslation();
  const there = useSandbox();
  const go = useAct(() => switchMode("test", `dev${location.search}`));
  if (!there) return null;
  return (
    <p className="muted acts gap">
      <span>{text}</span>
      <Button data-testid="to-test" loading={go.isPending} onClick={() => go.mutate(undefined)}>
        {t("mode.to_test")}
      </Button>
    </p>
  );
}

/** To a page of the sandbox: from the live mall the way to it is the switch. */
export function SandboxLink({ page, text, testid }: { page: string; text: string; testid: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const go = useAct(() => switchMode("test", page));
  if (me.mode === "test") {
    return (
      <a href={`/console/c/${me.mall.slug}/${page}`} data-testid={testid}>
        {text}
      </a>
    );
  }
  return (
    <button type="button" className="link" data-testid={testid} onClick={() => go.mutate(undefined)}>
      {text} · {t("mode.to_test")}
    </button>
  );
}
