import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const mainEntries = {
  index: at("src/main/index.ts"),
  cli: at("src/main/cli.ts"),
  worker: at("src/main/engine/worker.ts"),
  simulator: at("src/main/simulate/worker.ts"),
  judge: at("src/main/night/live/judge-worker.ts"),
};

// Builds of a part-way checkout leave out what is not written yet; a build for people must be whole.
const missing = Object.entries(mainEntries).filter(([, file]) => !existsSync(file));
if (missing.length > 0 && process.env["CI"]) throw new Error(`not there: ${missing.map(([, file]) => file).join(", ")}`);
for (const [name] of missing) console.warn(`electron.vite.config: the ${name} entry does not exist yet and is left out`);

export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      target: "node24",
      sourcemap: true,
      minify: false,
      // Pure code is bundled: the app starts faster and packs smaller. These bring binaries that they look for beside themselves.
      externalizeDeps: false,
      rollupOptions: {
        external: ["sharp", /^libraw-wasm/],
        input: Object.fromEntries(Object.entries(mainEntries).filter(([, file]) => existsSync(file))),
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      target: "node24",
      sourcemap: true,
      minify: false,
      // A sandboxed preload is one CommonJS file: it can require Electron's own few modules and nothing else.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at("src/preload/index.ts") },
        external: ["electron"],
        output: { format: "cjs", entryFileNames: "[name].cjs", codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at("src/renderer"),
    plugins: [react()],
    // The page comes from the app's own scheme even while developing, so the client is told where the server is.
    server: { port: 5173, strictPort: true, hmr: { protocol: "ws", host: "localhost", clientPort: 5173 } },
    build: {
      outDir: "out/renderer",
      minify: true,
      target: "chrome150",
      sourcemap: true,
      // Inlined images and fonts would need data: in the Content-Security-Policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: at("src/renderer/index.html") } },
    },
  },
});
