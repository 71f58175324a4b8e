import type { DecidedVerdict, Reason, Verdict } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import type { JudgedNight } from "./judged.ts";
import type { JudgeSettings } from "./settings.ts";
import type { Affected, RuleEffect, UserRule } from "./user-rule.ts";
import { type RuleFrame, type RuleNight, ruleNight } from "./user-rule-night.ts";
import { type ReadyRule, readyRule } from "./user-rule-ready.ts";

/**
 * The frames that a rule speaks about, without judging anew: the same evaluation as in judging, quick enough to follow a
 * limit while it is dragged. Throws `bad-rules`.
 */
export function affectedBy(night: RuleNight, rule: UserRule): Affected {
  return affected(night, readyRule(rule));
}

function affected(night: RuleNight, ready: ReadyRule): Affected {
  const found = night.frames.filter(ready.fires);
  return { ids: found.map((frame) => frame.id), frames: found.length, minutes: found.reduce((sum, frame) => sum + frame.minutes, 0) };
}

/**
 * Gives the user's rules the last word on a judged night. They leave the good part and its baselines as they are, so that no
 * rule moves what another is held against. Of several that fire, one that keeps the frame wins, else the gravest.
 */
export function applyRules(
  frames: readonly NightFrame[],
  judged: Pick<JudgedNight, "frames" | "groups">,
  settings: JudgeSettings,
): RuleEffect[] {
  return settings.rules.length === 0 ? [] : applyRulesTo(ruleNight(frames, judged), judged, settings);
}

/** As applyRules, for a night whose medians and ranks are known already. `judged` without rules applied. */
export function applyRulesTo(night: RuleNight, judged: Pick<JudgedNight, "frames">, settings: JudgeSettings): RuleEffect[] {
  if (settings.rules.length === 0) return [];
  const ready = settings.rules.map(readyRule);
  const effects = ready.map((one): RuleEffect => ({ ...affected(night, one), rule: one.rule, changed: 0 }));
  const fired = new Map<string, number[]>();
  effects.forEach(({ ids }, index) => {
    for (const id of ids) fired.set(id, [...(fired.get(id) ?? []), index]);
  });
  for (const frame of night.frames) {
    const indices = fired.get(frame.id);
    const before = judged.frames.get(frame.id);
    if (!indices || !before) continue;
    const verdict = ruled(
      frame,
      indices.map((index) => ready[index]),
      settings,
    );
    judged.frames.set(frame.id, { ...before, verdict });
    if (verdict.kind === before.verdict.kind) continue;
    for (const index of indices) if (ready[index].rule.verdict === verdict.kind) effects[index].changed++;
  }
  return effects;
}

/** What the user says is certain but for slips of the hand. */
const SURE = 0.97;

function ruled(frame: RuleFrame, fired: readonly ReadyRule[], settings: JudgeSettings): Verdict {
  const { builtIn } = frame;
  if (fired.some(({ rule }) => rule.verdict === "clean")) return kept(frame, fired, settings);
  const gravest = fired.some(({ rule }) => rule.verdict === "contaminated") ? "contaminated" : "review";
  const changes = gravest === "contaminated" ? builtIn.kind !== "contaminated" : builtIn.kind === "clean";
  const own = fired.map((ready) => reasonOf(frame, ready, ready.rule.verdict === "contaminated" ? "hard" : "soft"));
  own.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "hard" ? -1 : 1));
  return {
    ...builtIn,
    kind: changes ? gravest : builtIn.kind,
    probability: changedProbability(gravest, changes, builtIn.probability ?? 0, settings.review),
    basis: fired.some((ready) => ready.relative) ? "session" : builtIn.basis,
    reasons: changes ? [...own, ...builtIn.reasons] : [...builtIn.reasons, ...own],
  };
}

/** A rule that says contaminated makes it sure, one that sends a clean frame to review puts it amid the doubtful ones. */
function changedProbability(said: DecidedVerdict, changes: boolean, before: number, [from, to]: readonly [number, number]): number {
  if (said === "contaminated") return Math.min(0.999, Math.max(before, SURE, to));
  return changes ? (from + to) / 2 : before;
}

/** The user's word stands over everything else, but what it stands over remains readable. */
function kept(frame: RuleFrame, fired: readonly ReadyRule[], settings: JudgeSettings): Verdict {
  const { builtIn } = frame;
  const against = fired.filter(({ rule }) => rule.verdict !== "clean");
  // Nothing spoke against the frame: there is nothing to say.
  if (builtIn.kind === "clean" && against.length === 0) return builtIn;
  const keeping = fired.filter(({ rule }) => rule.verdict === "clean").map((ready) => reasonOf(frame, ready, "info"));
  const softer = builtIn.reasons.map((reason): Reason => (reason.severity === "hard" ? { ...reason, severity: "soft" } : reason));
  return {
    ...builtIn,
    kind: "clean",
    probability: Math.min(builtIn.probability ?? 0, 1 - SURE, settings.review[0] / 2),
    reasons: [...keeping, ...softer, ...against.map((ready) => reasonOf(frame, ready, "soft"))],
  };
}

function reasonOf(frame: RuleFrame, ready: ReadyRule, severity: Reason["severity"]): Reason {
  return { code: ready.code, severity, ...ready.evidence(frame), where: null, rule: ready.rule.name };
}
