import type { Evidence, Verdict } from "../../shared/domain.ts";
import type { Found } from "./found.ts";
import type { GroupBaseline } from "./group-baseline.ts";
import type { FramePhotometry } from "./photometry.ts";
import type { RuleEffect } from "./user-rule.ts";

export interface JudgedFrame {
  verdict: Verdict;
  /** Transparency against the group's good part, its per-cell map and the matched stars; null when not comparable. */
  photometry: FramePhotometry;
  /** Share of light and weight against the group's good part (1 = median good frame); null without a group to compare with. */
  transparency: number | null;
  weight: number | null;
  /** What else comparing measured, whether or not it was worth naming. */
  found: Found;
  /** Every number that was held against a limit. */
  evidence: Evidence[];
}

export interface JudgedGroup {
  id: string;
  frames: string[];
  /** The frames that the others were compared with; none when the group was too small. */
  good: string[];
  baseline: GroupBaseline | null;
}

export interface JudgedNight {
  frames: Map<string, JudgedFrame>;
  groups: JudgedGroup[];
  /** What each rule of the user did, in their order. */
  rules: RuleEffect[];
}
