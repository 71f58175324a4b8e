import type { Evaluation, LabelTruth, NamedTally, OutcomeTally, WrongFrame } from "../../shared/evaluation.ts";
import { durationText, finePercentText } from "../../shared/quantity-words.ts";
import { causeName } from "../../shared/words.ts";
import { causeBars, reliabilityPlot, rocPlot } from "./evaluation-plots.ts";
import { REPORT_STYLE } from "./html-style.ts";
import { html } from "./html-text.ts";

const STYLE = `
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:16px 32px;align-items:start}
.plot.square{max-width:560px}.axis{stroke:var(--quiet);stroke-width:1;fill:none}.ideal{stroke:var(--quiet);stroke-dasharray:4 4;fill:none}
.curve{stroke:var(--link);stroke-width:2;fill:none}.point{fill:var(--link)}.whisker{stroke:var(--link);stroke-width:1.5}
.bar-recall{fill:var(--clean)}.bar-precision{fill:var(--link)}.bar-rest{fill:var(--line)}
.counts td,.counts th{padding:6px 18px 6px 0;text-align:right}.counts th:first-child{text-align:left}.counts tbody tr{border-top:1px solid var(--line)}
.counts .right{background:color-mix(in srgb,var(--clean) 22%,transparent)}.counts .wrong{background:color-mix(in srgb,var(--bad) 26%,transparent)}.counts .undecided{background:color-mix(in srgb,var(--review) 20%,transparent)}
.counts td{padding-left:18px;white-space:nowrap}.severity{white-space:nowrap}
`;

/** Frames listed at most: the page stays one that any browser opens. */
const LISTED = 1000;

/** An evaluation as one page that needs nothing else: no script, no network, well-formed. */
export function evaluationPage(evaluation: Evaluation): string {
  const name = evaluation.input.split("/").filter(Boolean).at(-1) ?? evaluation.input;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/><meta name="color-scheme" content="dark light"/>
<title>Nebulift: how right on ${html(name)}</title><style>${REPORT_STYLE}${STYLE}</style></head><body>
<header><p class="brand">Nebulift ${html(evaluation.app)}</p><h1>How right: ${html(name)}</h1>
<p class="quiet">${evaluation.matched} frames compared with ${html(evaluation.sources.join(", "))}${leftOut(evaluation)}</p></header>
<main>${tiles(evaluation.overall)}
<div class="pair">${confusion(evaluation)}${causes(evaluation)}</div>
${probability(evaluation)}
${detection(evaluation)}
${tallies("Nights", evaluation.nights)}
${tallies("Groups", evaluation.groups)}
${mistakes(evaluation.mistakes)}
</main></body></html>
`;
}

function leftOut({ withoutLabel, withoutFrame, ambiguous }: Evaluation): string {
  const parts: string[] = [];
  if (withoutLabel > 0) parts.push(`${withoutLabel} frames without a label`);
  if (withoutFrame > 0) parts.push(`${withoutFrame} labels without a frame`);
  if (ambiguous > 0) parts.push(`${ambiguous} ambiguous`);
  return parts.length > 0 ? ` (left out: ${parts.join(", ")})` : "";
}

function tiles({ frames, right, undecided, wrong, good, bad, minutes }: OutcomeTally): string {
  const tile = (big: string, name: string, small: string): string =>
    `<div class="tile"><b>${big}</b><span>${name}</span><i>${small}</i></div>`;
  const share = (part: number, whole: number): string => (whole > 0 ? finePercentText(part / whole) : "–");
  const time = minutes.frames > 0 ? `, ${durationText(minutes.right)}` : "";
  return `<section class="tiles">${[
    tile(share(right, frames), "right", `${right} of ${frames} frames${time}`),
    tile(share(good.lost, good.frames), "good frames lost", `${good.lost} of ${good.frames}`),
    tile(share(bad.kept, bad.frames), "bad frames kept", `${bad.kept} of ${bad.frames}`),
    tile(share(undecided, frames), "clear frames to review", `${undecided} of ${frames}`),
    tile(String(wrong), "wrong", wrong === 0 ? "none" : "listed below"),
  ].join("")}</section>`;
}

const COLUMNS = ["clean", "review", "contaminated", "notGraded"] as const;

function confusion({ confusion: table }: Evaluation): string {
  const used = COLUMNS.filter((name) => name !== "notGraded" || Object.values(table).some((row) => row.notGraded > 0));
  const tone = (truth: LabelTruth, called: (typeof COLUMNS)[number]): string => {
    if (truth === "borderline") return called === "clean" ? "" : "right";
    if (called === "review") return "undecided";
    return (called === "clean") === (truth === "clean") ? "right" : "wrong";
  };
  const rows = (["clean", "borderline", "contaminated"] as const).map(
    (truth) =>
      `<tr><th scope="row">labelled ${truth}</th>${used
        .map((name) => `<td class="${table[truth][name] > 0 ? tone(truth, name) : ""}">${table[truth][name]}</td>`)
        .join("")}</tr>`,
  );
  const heads = used.map((name) => `<th scope="col">called ${name === "notGraded" ? "not gradable" : name}</th>`);
  return `<section><h2>Labels and verdicts</h2><div class="scroll"><table class="counts"><thead><tr><td></td>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
<p class="quiet">Borderline frames are within a little of a limit: every verdict that gives a reason is right for them.</p></section>`;
}

function causes({ causes: list, mixUps }: Evaluation): string {
  if (list.length === 0) return "";
  const mixed = mixUps.map(
    ({ truth, named, frames }) =>
      `${frames} × ${html(causeName(truth))} taken for ${named === "none" ? "nothing" : html(causeName(named))}`,
  );
  return `<section><h2>Causes</h2>${causeBars(list)}
${mixed.length > 0 ? `<p class="quiet">Mixed up: ${mixed.join("; ")}</p>` : ""}</section>`;
}

function probability({ probability: scores }: Evaluation): string {
  if (!scores) return "";
  const number = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
  return `<section><h2>How far the probability can be believed <small>${scores.frames} frames with a clear label</small></h2>
<p class="quiet">Expected calibration error ${number(scores.ece)} · Brier score ${number(scores.brier)} · log loss ${number(scores.logLoss)} · area under the ROC curve ${number(scores.auc)}</p>
<div class="pair">${reliabilityPlot(scores.bins)}${rocPlot(scores.roc)}</div></section>`;
}

function detection({ detection: curves }: Evaluation): string {
  if (curves.length === 0) return "";
  const number = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
  const rows = curves.map(
    (curve) =>
      `<tr><th scope="row">${html(causeName(curve.code))}</th><td>${curve.noticed} of ${curve.frames}</td><td>${number(curve.half)}${curve.factor === null ? "" : ` <small class="quiet">×/÷ ${curve.factor.toFixed(2)}</small>`}</td><td>${number(curve.weakestNoticed)}</td><td>${number(curve.strongestMissed)}</td></tr>`,
  );
  return `<section><h2>How strong a harm must be to be noticed <small>severity 1 stands at the limit</small></h2><div class="scroll"><table class="counts"><thead><tr><td></td><th scope="col">noticed</th><th scope="col">half of them at</th><th scope="col">weakest noticed</th><th scope="col">strongest overlooked</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function of(part: number, whole: number): string {
  return whole > 0 ? `${part} of ${whole}` : "–";
}

function tallies(title: string, list: readonly NamedTally[]): string {
  if (list.length < 2) return "";
  const rows = list.map(
    (tally) =>
      `<tr><th scope="row">${html(tally.name)}</th><td>${tally.frames}</td><td>${tally.accuracy === null ? "" : finePercentText(tally.accuracy)}</td><td>${tally.undecided}</td><td>${tally.wrong}</td><td>${of(tally.good.lost, tally.good.frames)}</td><td>${of(tally.bad.kept, tally.bad.frames)}</td></tr>`,
  );
  return `<section><h2>${title}</h2><div class="scroll"><table class="counts"><thead><tr><td></td><th scope="col">frames</th><th scope="col">right</th><th scope="col">undecided</th><th scope="col">wrong</th><th scope="col">good lost</th><th scope="col">bad kept</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function mistakes(list: readonly WrongFrame[]): string {
  if (list.length === 0) return `<section><h2>What was not right</h2><p>Nothing.</p></section>`;
  const rows = list.slice(0, LISTED).map((frame) => {
    const causesOf = frame.truthCauses.map((code) => causeName(code)).join(", ");
    const severity = frame.severity === null ? "" : ` <small class="quiet severity">severity ${frame.severity.toFixed(2)}</small>`;
    const chance = frame.probability === null ? "" : finePercentText(frame.probability);
    return `<tr><td class="path">${html(frame.path)}</td><td>${frame.outcome}</td><td>${frame.truth}${causesOf === "" ? "" : `: ${html(causesOf)}`}${severity}</td><td class="verdict"><span class="c-${frame.verdict}">${frame.verdict}</span></td><td class="n">${chance}</td><td class="why">${frame.why.length > 0 ? frame.why.map(html).join("<br/>") : "no reason given"}</td></tr>`;
  });
  const more = list.length > LISTED ? `<p class="quiet">${list.length - LISTED} more are left out here; --json has all.</p>` : "";
  return `<section><h2>What was not right <small>${list.length} frame${list.length === 1 ? "" : "s"}, the surest mistakes first</small></h2><div class="scroll"><table class="all"><thead><tr><th scope="col">frame</th><th scope="col"></th><th scope="col">label</th><th scope="col">called</th><th scope="col" class="n">P(bad)</th><th scope="col">why</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>${more}</section>`;
}
