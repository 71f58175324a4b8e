import type { ReportFrame } from "../../shared/domain.ts";
import type { Label } from "./labels.ts";

export interface LabelledFrame {
  frame: ReportFrame;
  label: Label;
}

export interface Matching {
  pairs: LabelledFrame[];
  withoutLabel: number;
  /** Labels of frames that the report does not have. */
  withoutFrame: number;
  /** Labels that fit several frames, or frames whose labels contradict one another. */
  ambiguous: number;
}

/**
 * Finds each label's frame. Labels and report may give paths from different folders, so a label fits a frame when one path
 * is the end of the other; the longest agreement wins. Letter case and a missing extension are forgiven where that leaves
 * one frame only. Labels of other places are never forced onto a frame of the same name.
 */
export function matchLabels(frames: readonly ReportFrame[], labels: readonly Label[]): Matching {
  const byName = Map.groupBy(frames, (frame) => lastOf(frame.path).toLowerCase());
  const byStem = Map.groupBy(frames, (frame) => stemOf(lastOf(frame.path)).toLowerCase());
  const found = new Map<ReportFrame, { label: Label; depth: number; contradicted: boolean }>();
  let withoutFrame = 0;
  let ambiguous = 0;
  for (const label of labels) {
    const name = lastOf(label.path).toLowerCase();
    const fit = bestFit(label.path, byName.get(name) ?? byStem.get(name) ?? []);
    if (fit === null) withoutFrame++;
    else if (fit === "several") ambiguous++;
    else {
      const before = found.get(fit.frame);
      if (!before || fit.depth > before.depth) found.set(fit.frame, { label, depth: fit.depth, contradicted: false });
      else if (fit.depth === before.depth && label.truth !== before.label.truth) before.contradicted = true;
    }
  }
  const pairs: LabelledFrame[] = [];
  for (const frame of frames) {
    const match = found.get(frame);
    if (match?.contradicted) ambiguous++;
    else if (match) pairs.push({ frame, label: match.label });
  }
  return { pairs, withoutLabel: frames.length - pairs.length, withoutFrame, ambiguous };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Of frames with the label's name: the one whose folders agree furthest. */
function bestFit(path: string, frames: readonly ReportFrame[]): { frame: ReportFrame; depth: number } | "several" | null {
  let best: { frame: ReportFrame; depth: number }[] = [];
  for (const frame of frames) {
    const depth = agreement(path, frame.path);
    if (depth === null) continue;
    if (best.length === 0 || depth > best[0].depth) best = [{ frame, depth }];
    else if (depth === best[0].depth) best.push({ frame, depth });
  }
  if (best.length === 0) return null;
  return best.length === 1 ? best[0] : "several";
}

/** How many parts two paths share from the end (exact letters count a little more); null when neither is the other's end. */
function agreement(label: string, frame: string): number | null {
  const a = partsOf(label);
  const b = partsOf(frame);
  const length = Math.min(a.length, b.length);
  let exact = 0;
  for (let i = 1; i < length; i++) {
    const [x, y] = [a[a.length - 1 - i], b[b.length - 1 - i]];
    if (x.toLowerCase() !== y.toLowerCase()) return null;
    if (x === y) exact++;
  }
  if (a.at(-1) === b.at(-1)) exact++;
  return length + exact / (length + 1);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
