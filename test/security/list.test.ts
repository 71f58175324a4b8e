import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { EVENTS, METHODS } from "../../src/shared/contract.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function filesOf(folder: string, kind: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => kind.test(name))
    .map((name) => join(ROOT, folder, name));
}

test("every line of docs/security.md has a test that names it", () => {
  const lines = [...readFileSync(join(ROOT, "docs", "security.md"), "utf8").matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) =>
    Number(number),
  );
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, index) => index + 1));
  expect(lines.length).toBeGreaterThanOrEqual(11);
  const tests = ["test/security", "test/packaging", "test/host/specs"].flatMap((folder) => filesOf(folder, /\.(spec|test)\.ts$/));
  const named = new Set(
    tests.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/"security (\d+): /g)].map(([, number]) => Number(number))),
  );
  expect(lines.filter((line) => !named.has(line))).toEqual([]);
});

const sources = filesOf("src", /\.tsx?$/)
  .filter((file) => !/\.test\.tsx?$|assembly/.test(file))
  .map((file) => ({ file: file.slice(ROOT.length), text: readFileSync(file, "utf8") }));

const holding = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

describe("security 4: nothing in the sources could go online or make code of text", () => {
  test("no module of Node's that opens connections", () => {
    expect(holding(/from "node:(http|https|http2|net|tls|dgram|dns)(\/\w+)?"/)).toEqual([]);
    expect(holding(/\bnet\.(fetch|request)\(/)).toEqual(["src/main/electron/desktop.ts"]);
  });

  test("no evaluation of text, no markup from text, no other program", () => {
    expect(holding(/\beval\(|new Function\(|from "node:vm"/)).toEqual([]);
    expect(holding(/dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write/)).toEqual([]);
    expect(holding(/from "node:child_process"|openExternal|openPath\(/)).toEqual([]);
  });
});

describe("security 9: no secret is asked for, kept or shown", () => {
  function keysOf(schema: z.ZodType, found: Set<string>): Set<string> {
    const { shape = {}, ...def } = (schema as unknown as { _zod: { def: Record<string, unknown> & { shape?: Record<string, z.ZodType> } } })
      ._zod.def;
    for (const [key, part] of Object.entries(shape)) keysOf(part, found.add(key));
    for (const name of ["innerType", "element", "keyType", "valueType", "in", "out"]) if (def[name]) keysOf(def[name] as z.ZodType, found);
    for (const name of ["options", "items"]) for (const part of (def[name] as z.ZodType[] | undefined) ?? []) keysOf(part, found);
    return found;
  }

  test("no field that crosses the border is called like one", () => {
    const schemas = [...Object.values(METHODS).flatMap(({ input, output }) => [input, output]), ...Object.values(EVENTS)];
    const keys = schemas.reduce((found, schema) => keysOf(schema, found), new Set<string>());
    expect(keys.size).toBeGreaterThan(50);
    expect([...keys].filter((key) => /token|secret|passw|credential|authori[sz]ation|kubeconfig|certificate|apikey/i.test(key))).toEqual(
      [],
    );
  });
});

describe("security 10: Electron is one that gets fixes", () => {
  /** The newest major when this was last looked at; raise it with package.json's. The three newest get fixes. */
  const NEWEST = 45;

  test("it is pinned, and among the three newest majors", () => {
    const { electron } = packageJson.devDependencies;
    expect(electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number(electron.split(".")[0])).toBeGreaterThan(NEWEST - 3);
  });
});
