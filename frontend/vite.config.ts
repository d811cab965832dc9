import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const mall = process.env.COMMISSARY_URL ?? "http://127.0.0.1:8000";

// Groups of words that nothing uses before the first page is there: nothing of the frame, nothing of the workbench.
const LATER = [
  "connect",
  "custody",
  "dev",
  "faces",
  "inbulk",
  "kyb",
  "make",
  "order",
  "rates",
  "reconcile",
  "restock",
  "risk",
  "shred",
  "steps",
  "taxes",
  "told",
];

/** A language is one file of words and comes in two parts, `?first` and `?later`. */
function words(): Plugin {
  return {
    name: "words",
    enforce: "pre",
    load(id) {
      const [file, part] = id.split("?");
      if (!file?.includes("/i18n/") || (part !== "first" && part !== "later")) return undefined;
      this.addWatchFile(file);
      const all = Object.entries(JSON.parse(readFileSync(file, "utf8")));
      const some = all.filter(([group]) => LATER.includes(group) === (part === "later"));
      return { code: `export default ${JSON.stringify(Object.fromEntries(some))}`, moduleType: "js" };
    },
  };
}

export default defineConfig({
  base: "/console/",
  plugins: [words(), react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/commissary/web/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // The server's Content-Security-Policy allows no data: scripts, and small files are worth no second form.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000, // tools/budget.mjs measures what matters: gzipped, of the first route
  },
  server: { proxy: { "/console/v1": mall, "/console/config.json": mall } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
