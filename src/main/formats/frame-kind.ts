import { isFits } from "./fits.ts";
import { rawSignature } from "./raw-kind.ts";
import { latin1 } from "./signature.ts";

/** What a file's first bytes can tell; `tiff` may turn out to be a camera's RAW. */
export type FrameKind =
  | { name: "fits" | "gzip" | "xisf" | "xisf-distributed" | "png" | "jpeg" | "tiff" }
  | { name: "raw"; signature: string };

/** Bytes at a file's beginning that `frameKind` can make use of. */
export const HEAD_BYTES = 4096;

/** Null when the first bytes are of no known image format. */
export function frameKind(head: Uint8Array): FrameKind | null {
  const text = latin1(head.subarray(0, HEAD_BYTES));
  if (isFits(head)) return { name: "fits" };
  if (text.startsWith("XISF0100")) return { name: "xisf" };
  if (text.startsWith("\x1f\x8b")) return { name: "gzip" };
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return { name: "png" };
  if (text.startsWith("\xff\xd8\xff")) return { name: "jpeg" };
  const signature = rawSignature(head);
  if (signature) return { name: "raw", signature };
  if (/^(?:II[*+]\0|MM\0[*+])/.test(text)) return { name: "tiff" };
  const distributed = text.startsWith("XISB0100") || (text.trimStart().startsWith("<") && text.includes("<xisf"));
  return distributed ? { name: "xisf-distributed" } : null;
}

/** Whether a folder's scan should open a file that has no frame's name: gzip may hold anything, and needs the name to count. */
export function isFrameContent(head: Uint8Array): boolean {
  const kind = frameKind(head);
  return kind !== null && kind.name !== "gzip" && kind.name !== "xisf-distributed";
}
