import { useTranslation } from "react-i18next";
import type { Field, Values } from "@/ui/form";

/** What somebody brings for a line by hand: a receipt, or codes. Codes are in no draft. */
export function useBrought(): Field[] {
  const { t } = useTranslation();
  return [
    { kind: "text", name: "receipt", label: t("work.receipt"), most: 500, none: "" },
    { kind: "list", name: "codes", label: t("work.codes"), secret: true },
  ];
}

/** A code per line, with its number before it where it has one: `number----secret`, as the trade writes them. */
export function codesOf(sent: Values): { number?: string; secret: string }[] {
  return ((sent.codes as string[] | undefined) ?? []).map((line) => {
    const [number, secret] = line.split("----");
    return secret ? { number, secret } : { secret: number ?? "" };
  });
}
