// What Postman does with one request of a collection, as far as our script can tell: variables, the part of `pm` that it uses, and the call.
// node collection.mjs <collection.json> <method and path> <variables as JSON> <changes as JSON>
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const [, , file, which, given, changes] = process.argv;
const collection = JSON.parse(readFileSync(file, "utf-8"));
const { request } = collection.item.flatMap((folder) => folder.item).find(({ request }) => `${request.method} /${request.url.path.join("/")}` === which);
const { query = {}, variable = {}, body: raw } = JSON.parse(changes);
const variables = { ...Object.fromEntries(collection.variable.map((v) => [v.key, v.value])), ...JSON.parse(given) };
const filled = (text) => text.replace(/\{\{(\w+)\}\}/g, (all, key) => variables[key] ?? all);

if (raw !== undefined) request.body.raw = raw;
for (const one of request.url.query) {
  if (one.key in query) Object.assign(one, { value: query[one.key], disabled: false });
}
for (const one of request.url.variable) one.value = variable[one.key] ?? one.value;
const path = `/${request.url.path.map((part) => (part[0] === ":" ? request.url.variable.find((v) => v.key === part.slice(1)).value : part)).join("/")}`;
const sent = request.url.query.filter((one) => !one.disabled).map((one) => `${one.key}=${one.value}`).join("&");
const headers = new Map(request.header.filter((h) => !h.disabled).map((h) => [h.key, filled(h.value)]));

const words = (bytes) => ({ toString: () => bytes.toString("hex") });
const tools = {
  "crypto-js": {
    lib: { WordArray: { random: (n) => words(randomBytes(n)) } },
    SHA256: (text) => words(createHash("sha256").update(text).digest()),
    HmacSHA256: (text, key) => words(createHmac("sha256", key).update(text).digest()),
  },
};
const pm = {
  variables: { replaceIn: filled },
  request: {
    method: request.method,
    auth: request.auth,
    url: { getPath: () => path, getQueryString: () => sent },
    body: request.body,
    headers: { upsert: ({ key, value }) => headers.set(key, value) },
  },
};
new Function("pm", "require", collection.event[0].script.exec.join("\n"))(pm, (what) => tools[what]);

const url = filled("{{base}}") + filled(path) + (sent ? `?${filled(sent)}` : ""); // `fetch` encodes what must be, as Postman does
const body = request.body?.mode === "raw" ? filled(request.body.raw) : undefined;
const answer = await fetch(url, { method: request.method, headers: Object.fromEntries(headers), body });
console.log(JSON.stringify({ status: answer.status, body: await answer.text() }));
