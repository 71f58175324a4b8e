import type { Report, ReportFrame } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";
import type { TitledGroup } from "./group-title.ts";
import { clockText, glyph, html, VERDICT_NAMES } from "./html-text.ts";

const COLUMNS = [
  ["fwhm", "FWHM px"],
  ["hfr", "HFR px"],
  ["eccentricity", "Ecc."],
  ["stars", "Stars"],
  ["background", "Sky ADU"],
  ["transparency", "Transp."],
  ["weight", "Weight"],
] as const;

/** Every light, group by group in the order of time; more than this many rows are folded away. */
const OPEN = 400;

export interface RowLinks {
  idOf: (frame: ReportFrame) => string;
  /** The frame's card, where it has one. */
  cardOf: (frame: ReportFrame) => string | null;
}

export function framesTable(groups: readonly TitledGroup[], links: RowLinks): string {
  const count = groups.reduce((sum, { frames }) => sum + frames.length, 0);
  if (count === 0) return "";
  const heads = ["Frame", "Time", "Verdict", "P(bad)", ...COLUMNS.map(([, label]) => label), "Alt.", "Why"];
  const numeric = new Set<string>(["P(bad)", "Alt.", ...COLUMNS.map(([, label]) => label)]);
  const head = heads.map((name) => `<th scope="col"${numeric.has(name) ? ' class="n"' : ""}>${name}</th>`).join("");
  const bodies = groups.map(({ title, frames }) => {
    const rows = frames.map((frame) => frameRow(frame, links)).join("\n");
    return `<tbody><tr class="group"><th colspan="${heads.length}" scope="rowgroup">${html(title)}</th></tr>\n${rows}</tbody>`;
  });
  // Chosen by style alone: the page has no script.
  const choice = [
    ["all", "all", true],
    ["flagged", "flagged only", false],
    ["clean", "clean only", false],
  ]
    .map(
      ([id, label, checked]) =>
        `<label><input type="radio" name="show" id="show-${id}"${checked ? ' checked="checked"' : ""}/> ${label}</label>`,
    )
    .join(" ");
  return `<section id="frames"><h2>All frames <small>${count}</small></h2><details${count > OPEN ? "" : ' open="open"'}><summary>${count} lights with their numbers</summary><p class="show">Show ${choice}</p><div class="scroll" tabindex="0"><table class="all"><thead><tr>${head}</tr></thead>${bodies.join("\n")}</table></div></details></section>`;
}

function frameRow(frame: ReportFrame, { idOf, cardOf }: RowLinks): string {
  const verdict = finalVerdict(frame);
  const numbers = COLUMNS.map(([name]) => {
    const value = frame.measurements?.[name];
    return `<td class="n">${typeof value === "number" ? shortNumber(value) : ""}</td>`;
  }).join("");
  const chance = frame.probability === null ? "" : `${Math.round(frame.probability * 100)} %`;
  const altitude = frame.metadata?.altitude;
  const target = cardOf(frame);
  const name = target === null ? html(frame.path) : `<a href="#${target}">${html(frame.path)}</a>`;
  const warnings = frame.warnings.map((warning) => `odd file: ${warning.detail}`);
  const decided = frame.decided ? [`your decision; graded ${VERDICT_NAMES[frame.verdict]}`] : [];
  const why = [...decided, ...whyLines(frame), ...warnings].join("; ");
  return `<tr class="r-${verdict}" id="${idOf(frame)}"><td class="path">${name}</td><td class="n">${clockText(frame.metadata?.time)}</td><td class="verdict c-${verdict}">${glyph(verdict)} ${VERDICT_NAMES[verdict]}</td><td class="n">${chance}</td>${numbers}<td class="n">${typeof altitude === "number" ? `${Math.round(altitude)}°` : ""}</td><td class="why">${html(why)}</td></tr>`;
}

/** Files that have no verdict: what they are, or what is wrong with them and what to do. */
export function ungradedTable(report: Report & { otherFiles?: readonly string[] }, idOf: (frame: ReportFrame) => string): string {
  const rows = report.frames.filter((frame) => frame.verdict === "not-light" || frame.verdict === "unreadable");
  const others = report.otherFiles?.length ?? 0;
  if (rows.length === 0 && others === 0) return "";
  const broken = rows.filter((frame) => frame.verdict === "unreadable").length;
  const body = [...rows]
    .sort((a, b) => (a.verdict === b.verdict ? 0 : a.verdict === "unreadable" ? -1 : 1))
    .map(
      (frame) =>
        `<tr id="${idOf(frame)}"><td class="path">${html(frame.path)}</td><td class="verdict c-${frame.verdict}">${glyph(frame.verdict)} ${VERDICT_NAMES[frame.verdict]}</td><td class="why">${html(whyLines(frame).join("; "))}${frame.error ? ` <small>${html(frame.error.detail)}</small>` : ""}</td></tr>`,
    )
    .join("\n");
  const table =
    rows.length > 0
      ? `<div class="scroll" tabindex="0"><table class="all"><thead><tr><th scope="col">File</th><th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>${body}</tbody></table></div>`
      : "";
  const note = others > 0 ? `<p class="quiet">${others} other ${others === 1 ? "file is no image" : "files are no images"}.</p>` : "";
  return `<section><h2>Not graded <small>${rows.length}</small></h2><details${broken > 0 && rows.length <= OPEN ? ' open="open"' : ""}><summary>${broken} unreadable, ${rows.length - broken} not lights</summary>${table}${note}</details></section>`;
}
