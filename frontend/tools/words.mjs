// Texts: both languages have the same keys and the same {{places}}, no key is unused, no Chinese stands in the code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const src = new URL("../src/", import.meta.url).pathname;
const faults = [];

const flat = (node, path = "") =>
  Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
  );
const read = (lang) => new Map(flat(JSON.parse(readFileSync(join(src, `i18n/${lang}.json`), "utf8"))));
// days_one and days_other are found by t("days").
const base = (key) => key.replace(/_(one|other)$/, "");
const places = (text) =>
  [...text.matchAll(/\{\{(\w+)/g)]
    .map((m) => m[1])
    .sort()
    .join();
const [zh, en] = [read("zh-CN"), read("en")];
for (const key of zh.keys()) if (!en.has(key)) faults.push(`en.json lacks ${key}`);
for (const key of en.keys()) if (!zh.has(key)) faults.push(`zh-CN.json lacks ${key}`);
for (const [key, text] of zh) {
  if (!text.trim() || !en.get(key)?.trim()) faults.push(`${key} is empty`);
  else if (places(text) !== places(en.get(key))) faults.push(`${key} has other places in the other language`);
}

const code = readdirSync(src, { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|schema\.d\.ts$/.test(name))
  .map((name) => [name, readFileSync(join(src, name), "utf8")]);
for (const [name, text] of code)
  text.split("\n").forEach((line, at) => {
    if (/[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/u.test(line))
      faults.push(`${name}:${at + 1} has Chinese in the code`);
  });
const all = code.map(([, text]) => text).join("\n");
// Words of states and the like are found by the server's codes: word(kind, code).
for (const key of zh.keys())
  if (
    !/^(enum|nav|act|pages)\./.test(key) &&
    !all.includes(`"${base(key)}"`) &&
    !/^(workbench|reconcile|theme)\./.test(key)
  )
    faults.push(`${key} is used nowhere`);

for (const fault of faults) console.error(fault);
console.log(`${zh.size} texts in each language, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
