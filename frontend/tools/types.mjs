// The document (its path is the last argument) → src/api/schema.d.ts; with --check nothing is written, and a difference is a fault.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const path = new URL("../src/api/schema.d.ts", import.meta.url);
const head = "// Made from the console's OpenAPI document by `make apitypes`. Not written by hand.\n\n";
const made = astToString(
  await openapiTS(JSON.parse(readFileSync(process.argv.at(-1), "utf8")), { defaultNonNullable: false }),
);
// What is not there need not be said to be not there: half of the file.
const text =
  head +
  made
    .replaceAll(/^\s+\w+\?: never;\n/gm, "")
    .replaceAll(/^\s+headers: \{\n\s+\[name: string\]: unknown;\n\s+\};\n/gm, "")
    .replaceAll(/^( +)parameters: \{\n\s+\};\n/gm, "");

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== text) {
    console.error("src/api/schema.d.ts is not what the console's API says. Make it again: make apitypes");
    process.exit(1);
  }
} else writeFileSync(path, text);
