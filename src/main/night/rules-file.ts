import { open, rename, rm } from "node:fs/promises";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { parseRules, type RuleSettings } from "../verdict/index.ts";

/** Two hundred rules with long names are far below this. */
const MOST_BYTES = 256 * 1024;

/** Reads a rules file (docs/rules.md). Throws `bad-rules`, with the line and the field where there is one. */
export async function readRulesFile(path: string): Promise<RuleSettings> {
  return parseRules(await rulesText(path), path);
}

/**
 * Writes a rules file, on the disk when it returns; an earlier one of that name is replaced as a whole. Throws `output-unwritable`,
 * `disk-full`.
 */
export async function writeRulesFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", path, error);
  }
}

/** The text of a rules file, within reason. Throws `bad-rules`. */
export async function rulesText(path: string): Promise<string> {
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
