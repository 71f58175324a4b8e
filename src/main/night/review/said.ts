import type { DecidedVerdict, ReasonCode, ReportFrame } from "../../../shared/domain.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import type { Decision } from "../../storage/index.ts";

/** Who decides, with which version of Nebulift. */
export interface ReviewerFacts {
  who: string;
  app: string;
}

/** A user's word about a frame; null is the program's verdict again. */
export type Said = { verdict: DecidedVerdict; cause: ReasonCode | null } | null;

/** The cause of a rejection for which the user names none: the program's first reason, which was agreed with. */
export function agreedCause(frame: Pick<ReportFrame, "reasons">, verdict: DecidedVerdict): ReasonCode | null {
  return verdict === "contaminated" ? (frame.reasons[0]?.code ?? null) : null;
}

/** The entry for the log of decisions; `file` is where the frame lies. */
export function decisionOn(frame: ReportFrame, content: string, file: string, said: Said, { who, app }: ReviewerFacts): Decision {
  const { verdict: program, probability } = frame;
  const [after, cause] = said === null ? [null, null] : [said.verdict, said.cause];
  return { content, path: file, who, before: finalVerdict(frame), after, cause, program, probability, app };
}
