import type { Reason, ReportFrame } from "./domain.ts";
import { ERROR_CATALOGUE } from "./errors.ts";
import { reasonFact } from "./reason-fact.ts";
import { ruleText } from "./rule-words.ts";

/** Text into HTML: file names and headers come from anywhere. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

const CAUSES: Record<Reason["code"], string> = {
  clouds: "clouds",
  veil: "veil (haze, dew or thin cloud)",
  obstruction: "obstruction (tree, dome, roof)",
  "stray-light": "stray light",
  "sky-glow": "bright sky",
  focus: "focus",
  tracking: "tracking",
  trail: "trail",
  "off-target": "off target",
  overexposed: "overexposed",
  "no-stars": "no stars",
  "low-snr": "low SNR",
  "sensor-fault": "sensor fault",
  "too-few": "too few frames to judge against the night",
};

export function causeName(code: Reason["code"]): string {
  return CAUSES[code];
}

/** One reason in one line: what, how much, against what. */
function reasonText(reason: Reason): string {
  return reasonFact(reason);
}

/**
 * Why a frame got its verdict: one line a cause, strongest first, with everything that was measured of it; for unreadable
 * files what is wrong and what to do.
 */
export function whyLines(frame: ReportFrame): string[] {
  if (frame.error) return [`${ERROR_CATALOGUE[frame.error.code].cause} ${frame.error.action}`];
  if (frame.notLight) return [frame.notLight];
  const causes = new Map<Reason["code"], string[]>();
  const own = frame.reasons.filter((reason) => reason.rule !== undefined).map(ruleText);
  const said = new Set<string>();
  for (const reason of frame.reasons) {
    // A metric beyond the night's limit and beyond the absolute one is one fact: the stronger is said.
    const key = `${reason.code} ${reason.metric}`;
    if (reason.rule !== undefined || said.has(key)) continue;
    said.add(key);
    const facts = causes.get(reason.code);
    if (facts) facts.push(reasonText(reason));
    else causes.set(reason.code, [reasonText(reason)]);
  }
  const rest = [...causes].map(([code, facts]) => (code === "trail" ? facts.join(", ") : `${causeName(code)}: ${facts.join(", ")}`));
  // What decided stands first: a rule of the user does when it changed the verdict.
  return frame.reasons[0]?.rule === undefined ? [...rest, ...own] : [...own, ...rest];
}
