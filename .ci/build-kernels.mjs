#!/usr/bin/env node
// Compiles the AssemblyScript kernels and writes each as a TypeScript module holding the bytes, so that every runtime
// (source, bundle, app archive, worker) finds them without a path. Skips what is up to date; --force builds anew.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = ["src/main/measure/kernels", "src/main/formats/kernels"];
const flags = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "bulk-memory", "--importMemory"];
const force = process.argv.includes("--force");

export async function buildKernels() {
  for (const room of rooms) await build(room);
}

async function build(room) {
  const folder = join(root, room, "assembly");
  const target = join(root, room, "wasm.ts");
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort();
  const hash = createHash("sha256").update(flags.join(" "));
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)));
  const stamp = `// ${hash.digest("hex")}`;
  if (!force && existsSync(target) && readFileSync(target, "utf8").startsWith(stamp)) return;
  const { default: asc } = await import("assemblyscript/asc");
  const scratch = mkdtempSync(join(tmpdir(), "kernels-"));
  const out = join(scratch, "k.wasm");
  let text = "";
  const sink = {
    write: (s) => {
      text += s;
    },
  };
  const { error } = await asc.main([join(folder, "index.ts"), ...flags, "--outFile", out], { stdout: sink, stderr: sink });
  if (error) {
    rmSync(scratch, { recursive: true });
    throw new Error(`${room}: ${text || error.message}`);
  }
  const bytes = readFileSync(out);
  rmSync(scratch, { recursive: true });
  const temporary = `${target}.${process.pid}`;
  writeFileSync(
    temporary,
    `${stamp}\n// Built from assembly/ by \`npm run kernels\`; never edited, never committed.\nexport const WASM_BASE64 =\n  "${bytes.toString("base64")}";\n`,
  );
  renameSync(temporary, target);
  process.stderr.write(`${room}: ${bytes.length} bytes\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildKernels().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
