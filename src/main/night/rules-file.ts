import { open } from "node:fs/promises";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { parseRules, type RuleSettings } from "../verdict/index.ts";

/** Two hundred rules with long names are far below this. */
const MOST_BYTES = 256 * 1024;

/** Reads a rules file (docs/rules.md). Throws `bad-rules`, with the line and the field where there is one. */
export async function readRulesFile(path: string): Promise<RuleSettings> {
  return parseRules(await textOf(path), path);
}

async function textOf(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > MOST_BYTES) throw new NebuliftError("bad-rules", `${path} has ${size} bytes, a rules file at most ${MOST_BYTES}`);
      const bytes = new Uint8Array(MOST_BYTES);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) break;
      }
      return new TextDecoder().decode(bytes.subarray(0, length));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    const { code } = toNebuliftError(error);
    throw new NebuliftError("bad-rules", code === "file-missing" ? `there is no file ${path}` : `${path} cannot be read`, error);
  }
}
