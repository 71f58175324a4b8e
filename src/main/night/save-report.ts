import { open, rename, rm, writeFile } from "node:fs/promises";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";

/** How files that Nebulift wrote itself begin. */
const OURS = ['{\n "schema": 1', "path,verdict,probability,", "<!doctype html>\n<html lang"];

/**
 * Writes a report where the user wants it. An earlier report of ours is replaced, whole and at once; any other file in
 * that place stays (`output-exists`): a slip of the keyboard must not cost a frame. `agreed`: the user was shown this very
 * name and asked for what is there to be replaced.
 */
export async function saveReport(path: string, text: string, { agreed }: { agreed: boolean } = { agreed: false }): Promise<void> {
  if (!agreed) await refuseForeign(path);
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", path, error);
  }
}

async function refuseForeign(path: string): Promise<void> {
  let head: string;
  try {
    const file = await open(path, "r");
    try {
      const bytes = new Uint8Array(64);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      head = Buffer.from(bytes.buffer, 0, bytesRead).toString("latin1");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOfSystemError(error) === "file-missing") return;
    throw new NebuliftError("output-unwritable", path, error);
  }
  if (head.length > 0 && !OURS.some((start) => head.startsWith(start))) throw new NebuliftError("output-exists", path);
}
