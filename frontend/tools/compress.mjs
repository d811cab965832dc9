// Beside each text file of the build a .br and a .gz, so that the server compresses nothing while people wait; and the
// mark of the sources that the build was made of, which tells the next start whether it is still theirs.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../../src/commissary/web/dist", import.meta.url).pathname;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

for (const path of [...files(dist)]) {
  // index.html gets a nonce per answer and cannot be compressed before.
  if (!/\.(js|css|svg|json)$/.test(path) || path.includes(".vite")) continue;
  const body = readFileSync(path);
  if (body.length < 500) continue;
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}
