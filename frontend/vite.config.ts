import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const mall = process.env.COMMISSARY_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
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
