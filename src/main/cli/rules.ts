import type { DecidedVerdict } from "../../shared/domain.ts";
import { durationText } from "../../shared/quantity-words.ts";
import type { RuleEffect } from "../services.ts";
import { printable } from "./tables.ts";

const ASKS: Record<DecidedVerdict, string> = { contaminated: "contaminated", review: "to review", clean: "keep" };

/** What each of the user's rules did, a line each: a rule that speaks about no frame may be a slip, and is told, too. */
export function ruleLines(effects: readonly RuleEffect[]): string {
  return effects
    .map(({ rule, frames, minutes, changed }) => {
      const about = frames === 0 ? "no frame" : `${frames} ${frames === 1 ? "frame" : "frames"}, ${durationText(minutes)}`;
      const verdicts = frames === 0 ? "" : `; changed ${changed === 1 ? "1 verdict" : `${changed} verdicts`}`;
      return `  your rule "${printable(rule.name)}" (${ASKS[rule.verdict]}): ${about}${verdicts}\n`;
    })
    .join("");
}
