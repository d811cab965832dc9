// What a browser fetches before the first list is there: the entry, what it imports, and the page itself; gzipped.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 300 * 1024;
const dist = new URL("../../src/commissary/web/dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist)));

function needs(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) needs(next, found);
  return found;
}

const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const files = new Set();
for (const key of [
  "index.html",
  "src/app/shell.tsx",
  "src/pages/workbench.tsx",
  "src/i18n/zh-CN.json?first",
]) {
  if (!(key in manifest)) throw new Error(`${key} is not in the build's manifest`);
  for (const one of needs(key)) {
    files.add(manifest[one].file);
    for (const css of manifest[one].css ?? []) files.add(css);
  }
}
const total = [...files].reduce((sum, file) => sum + size(file), 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(`first route: ${kb(total)} gzipped of ${kb(MOST)} allowed`);
if (total > MOST) {
  for (const file of files) console.log(`  ${kb(size(file))}  ${file}`);
  console.error("The first route is over its budget. Load what it does not need at once with import().");
  process.exit(1);
}
