import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-rules-"));
  for (const name of [".dependency-cruiser.cjs", "tsconfig.base.json", "package.json"]) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cruises a tree of these files with the project's own rules, as `npm run check` does. */
function cruise(files: Record<string, string>): { status: number | null; output: string } {
  rmSync(join(folder, "src"), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const cruiser = join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruiser.mjs");
  const done = spawnSync(process.execPath, [cruiser, "--config", ".dependency-cruiser.cjs", "src"], { cwd: folder, encoding: "utf8" });
  return { status: done.status, output: done.stdout + done.stderr };
}

const target = "export const value = 1;\n";
const uses = (path: string): string => `import { value } from "${path}";\nexport const other = value;\n`;

test("the arrows of the house are allowed", () => {
  const { status, output } = cruise({
    "src/shared/domain.ts": target,
    "src/main/formats/index.ts": uses("../../shared/domain.ts"),
    "src/main/measure/index.ts": uses("../../shared/domain.ts"),
    "src/main/engine/index.ts": `${uses("../formats/index.ts")}export { other as third } from "../measure/index.ts";\n`,
    "src/main/services.ts": uses("./night.ts").replace("./night.ts", "./night/index.ts").replaceAll("value", "other as value"),
    "src/main/night/index.ts": uses("../engine/index.ts").replace("{ value }", "{ other as value }"),
  });
  expect(output).toContain("no dependency violations found");
  expect(status).toBe(0);
});

const violations: [rule: string, files: Record<string, string>][] = [
  ["room-measure", { "src/main/formats/a.ts": target, "src/main/measure/b.ts": uses("../formats/a.ts") }],
  ["room-formats", { "src/main/engine/a.ts": target, "src/main/formats/b.ts": uses("../engine/a.ts") }],
  ["room-verdict", { "src/main/night/a.ts": target, "src/main/verdict/b.ts": uses("../night/a.ts") }],
  ["room-storage", { "src/main/verdict/a.ts": target, "src/main/storage/b.ts": uses("../verdict/a.ts") }],
  [
    "room-measure",
    {
      "src/main/formats/a.ts": "export type T = number;\n",
      "src/main/measure/b.ts": 'import type { T } from "../formats/a.ts";\nexport const n: T = 1;\n',
    },
  ],
  ["room-verdict", { "src/main/services.ts": target, "src/main/verdict/b.ts": uses("../services.ts") }],
  ["services-is-the-only-door", { "src/main/engine/a.ts": target, "src/main/cli.ts": uses("./engine/a.ts") }],
  ["renderer-knows-only-shared", { "src/main/a.ts": target, "src/renderer/src/b.ts": uses("../../main/a.ts") }],
  ["preload-knows-only-shared", { "src/main/a.ts": target, "src/preload/index.ts": uses("../main/a.ts") }],
  ["shared-stands-alone", { "src/main/a.ts": target, "src/shared/b.ts": uses("../main/a.ts") }],
  ["no-node-in-shared", { "src/shared/a.ts": 'import { readFileSync } from "node:fs";\nexport const f = readFileSync;\n' }],
  ["no-node-in-shared", { "src/renderer/src/a.ts": 'import { readFileSync } from "node:fs";\nexport const f = readFileSync;\n' }],
  ["electron-only-at-the-edge", { "src/main/night/a.ts": 'import { app } from "electron";\nexport const f = app;\n' }],
  ["sharp-only-at-the-small-end", { "src/main/measure/a.ts": 'import sharp from "sharp";\nexport const f = sharp;\n' }],
  [
    "no-circles",
    {
      "src/shared/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "src/shared/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n',
    },
  ],
];

test.each(violations)("%s bites", (rule, files) => {
  const { status, output } = cruise(files);
  expect(output).toContain(rule);
  expect(status).not.toBe(0);
});

test("npm run check runs these rules on the source", () => {
  const check = readFileSync(join(root, ".ci", "check.mjs"), "utf8");
  expect(check).toMatch(/"dependency-cruiser\.mjs"\), "--config", "\.dependency-cruiser\.cjs", "src"/);
  const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts;
  expect(scripts["check"]).toBe("node .ci/check.mjs");
});
