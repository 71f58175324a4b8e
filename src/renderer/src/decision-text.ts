import type { Decided } from "../../shared/domain.ts";
import { texts } from "./texts/index.ts";

/** "Rejected for clouds" */
export function decisionText({ verdict, cause }: Pick<Decided, "verdict" | "cause">): string {
  const words = texts.review.why;
  const what = words.decided[verdict];
  return cause === null || verdict !== "contaminated" ? what : words.decidedFor(what, texts.reasons[cause].name);
}
