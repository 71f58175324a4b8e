import type { FrameRow } from "../../../../shared/contract.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { minutesOf } from "../../frame-facts.ts";

/** What has been decided in a queue, and what that did to the night's exposure. */
export interface Tally {
  decided: number;
  kept: number;
  rejected: number;
  doubt: number;
  /** Not decided by the user. */
  open: number;
  /** Of all frames that are still in doubt, by whoever's word. */
  minutesInDoubt: number;
  /** Minutes that the program would not have stacked and the user keeps, and the other way round. */
  gained: number;
  lost: number;
}

export function tallyOf(rows: readonly FrameRow[]): Tally {
  const tally: Tally = { decided: 0, kept: 0, rejected: 0, doubt: 0, open: 0, minutesInDoubt: 0, gained: 0, lost: 0 };
  for (const row of rows) {
    const { frame } = row;
    const now = finalVerdict(frame);
    if (now === "not-light" || now === "unreadable") continue;
    const minutes = minutesOf([row]);
    if (now === "review") tally.minutesInDoubt += minutes;
    if (!frame.decided) {
      tally.open += 1;
      continue;
    }
    tally.decided += 1;
    if (now === "clean") tally.kept += 1;
    else if (now === "contaminated") tally.rejected += 1;
    else tally.doubt += 1;
    if (now === "clean" && frame.verdict !== "clean") tally.gained += minutes;
    if (now !== "clean" && frame.verdict === "clean") tally.lost += minutes;
  }
  return tally;
}
