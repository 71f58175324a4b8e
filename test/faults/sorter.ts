// One real sorting process, to be killed: sorts (or resumes, or undoes) generated files with verdicts from their names.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { resumeSort, type SortAction, sortFrames, sortsIn, sortToolsHere, undoSort } from "../../src/main/night/sort/index.ts";
import type { VerdictKind } from "../../src/shared/domain.ts";
import { NebuliftError } from "../../src/shared/errors.ts";

const KINDS: VerdictKind[] = ["clean", "clean", "clean", "contaminated", "review", "not-light", "unreadable"];

export function verdictOf(path: string): VerdictKind {
  return KINDS[createHash("sha256").update(path).digest()[0] % KINDS.length];
}

async function main([what, input, output, action]: string[]): Promise<void> {
  process.stdout.write("go\n");
  const tools = sortToolsHere();
  if (what === "sort") {
    const frames = readdirSync(input, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".fits"))
      .map((entry) => relative(input, join(entry.parentPath, entry.name)))
      .map((path) => ({ path, verdict: verdictOf(path) }));
    const request = { input, output, action: action as SortAction, keepFolders: false, frames, app: "test", settings: {}, report: "{}" };
    await sortFrames(request, tools, () => {});
    return;
  }
  const session = (await sortsIn(tools.files, output)).at(-1)?.header.session;
  if (session === undefined) throw new NebuliftError("no-sort", "nothing was sorted here");
  await (what === "undo" ? undoSort : resumeSort)(output, session, tools);
}

if (process.argv[1] === import.meta.filename) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stdout.write(`${error instanceof NebuliftError ? error.code : "crash"}\n${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}
