import { useTranslation } from "react-i18next";
import type { Money as Amount } from "@/api/client";

const SIGNS: Record<string, string> = {
  CNY: "¥",
  USD: "$",
  EUR: "€",
  GBP: "£",
  HKD: "HK$",
  JPY: "¥",
  SGD: "S$",
};

/** "1234.5000" → "1,234.50"; more places only where they say something, or four for unit prices. Text to text: no float. */
export function plain(amount: string, unit = false): string {
  const minus = amount.startsWith("-");
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const four = part.padEnd(4, "0");
  const places = unit || four.slice(2) !== "00" ? four : four.slice(0, 2);
  return `${minus ? "−" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${places}`;
}

export function moneyText(value: Amount, unit = false): string {
  const text = plain(value.amount, unit);
  const sign = SIGNS[value.currency] ?? `${value.currency} `;
  return text.startsWith("−") ? `−${sign}${text.slice(1)}` : `${sign}${text}`;
}

/** In 1/10 000, whole. */
const e4 = ({ amount }: Amount): bigint => {
  const [whole = "0", part = ""] = amount.split(".");
  return BigInt(whole + part.padEnd(4, "0"));
};

/** What of a credit line is still to be had: all of it, or, when less may be spent, that; never below nothing. */
export function creditLeft(limit: Amount, available: Amount): Amount {
  const most = e4(available) < e4(limit) ? available : limit;
  return e4(most) < 0n ? { ...limit, amount: "0.0000" } : most;
}

/** So many pieces at a price each; no float. */
export function times(value: Amount, count: number): Amount {
  const [whole = "0", part = ""] = value.amount.split(".");
  const e4 = (BigInt(whole + part.padEnd(4, "0")) * BigInt(count)).toString().padStart(5, "0");
  return { ...value, amount: `${e4.slice(0, -4)}.${e4.slice(-4)}` };
}

/** `unit`: a price per piece, of which the trade says tenths of a cent. */
export function Money({ value, unit }: { value: Amount | null | undefined; unit?: boolean }) {
  const { t } = useTranslation();
  if (!value) return <span className="muted">–</span>;
  const minus = value.amount.startsWith("-");
  return (
    <span className={minus ? "money minus" : "money"} title={t("money.exact", { ...value })}>
      {moneyText(value, unit)}
    </span>
  );
}
