import type { FrameRow } from "../../../../shared/contract.ts";

/** Milliseconds since 1970; null where the file does not say. */
export function startOf({ frame }: FrameRow): number | null {
  const time = frame.metadata?.["time"];
  return typeof time === "number" ? time : null;
}

/** Minutes of exposure; 0 where the file does not say. */
export function minutesOf({ frame }: FrameRow): number {
  const exposure = frame.metadata?.["exposure"];
  return typeof exposure === "number" ? exposure / 60 : 0;
}

export function filterOf({ frame }: FrameRow): string | null {
  const filter = frame.metadata?.["filter"];
  return typeof filter === "string" ? filter : null;
}
