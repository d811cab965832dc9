import { useTranslation } from "react-i18next";
import { Input, Part, Select } from "@/ui";

type Node = Record<string, unknown>;

function parsed(text: string): Node | undefined {
  try {
    const found = JSON.parse(text || "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function at(node: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((now, step) => (now as Node | undefined)?.[step], node);
}

/** The same with another value there; an empty one goes. */
export function put(node: Node, path: string, value: unknown): Node {
  const [step = "", ...rest] = path.split(".");
  const below = rest.length ? put((node[step] as Node) ?? {}, rest.join("."), value) : value;
  const { [step]: _old, ...others } = node;
  return below === "" || below === undefined ? others : { ...node, [step]: below };
}

const PLACES = ["parameter", "header", "query"];
const ENTRIES = [
  "sign.put.name",
  "sign.timestamp.name",
  "sign.account.name",
  "answer.code",
  "balance.path",
  "goods.path",
  "place.path",
  "query.path",
] as const;

/** The entries of a form that every supplier has, one by one; they stand in the same JSON as all others. */
export function FormGuide({
  text,
  rules,
  change,
}: {
  text: string;
  rules: string[];
  change: (text: string) => void;
}) {
  const { t } = useTranslation();
  const form = parsed(text);
  if (!form) return null;
  const set = (path: string, value: unknown): void => change(JSON.stringify(put(form, path, value), null, 2));
  const rule = at(form, "sign.spec");
  const own = typeof rule === "object" && rule !== null;
  const words: Record<(typeof ENTRIES)[number], string> = {
    "sign.put.name": t("guide.sign_name"),
    "sign.timestamp.name": t("guide.time_name"),
    "sign.account.name": t("guide.account_name"),
    "answer.code": t("guide.code"),
    "balance.path": t("guide.balance"),
    "goods.path": t("guide.goods"),
    "place.path": t("guide.place"),
    "query.path": t("guide.query"),
  };
  return (
    <Part title={t("guide.title")}>
      <div className="fields">
        <label className="field half">
          <span>{t("guide.rule")}</span>
          <Select
            value={own ? "" : String(rule ?? "")}
            none={own ? t("guide.own_rule") : t("form.choose")}
            choices={rules.map((value) => ({ value, label: value }))}
            change={(value) => value && set("sign.spec", value)}
          />
        </label>
        <label className="field half">
          <span>{t("guide.sign_in")}</span>
          <Select
            value={String(at(form, "sign.put.in") ?? "")}
            none={t("form.choose")}
            choices={PLACES.map((value) => ({ value, label: value }))}
            change={(value) => set("sign.put.in", value)}
          />
        </label>
        {ENTRIES.map((path) => (
          <label className="field half" key={path}>
            <span>
              {words[path]} <code>{path}</code>
            </span>
            <Input
              className="code"
              value={String(at(form, path) ?? "")}
              onChange={(event) => set(path, event.target.value)}
            />
          </label>
        ))}
      </div>
    </Part>
  );
}
