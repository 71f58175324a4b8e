import type { Report, ReportFrame, VerdictKind } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { durationText, percentText } from "../../shared/quantity-words.ts";
import { inTime, type TitledGroup, timeText, titledGroups } from "./group-title.ts";
import { card, type ReportPicture } from "./html-cards.ts";
import { keptSection } from "./html-kept.ts";
import { timelines } from "./html-plots.ts";
import { REPORT_STYLE } from "./html-style.ts";
import { framesTable, ungradedTable } from "./html-table.ts";
import { extentOf, glyph, html, VERDICT_NAMES } from "./html-text.ts";
import { worthSection } from "./html-worth.ts";
import { worthOfGroup } from "./worth-report.ts";

/** Characters of the whole page: what a mail server takes and a small laptop opens at once. */
const LONGEST_PAGE = 15_000_000;
/** Markup of a card beside its picture, amply. */
const CARD_MARKUP = 6000;

export type HtmlReport = Report & { otherFiles?: readonly string[] };

/**
 * The whole night on one page that needs nothing else: no script, no network, well-formed. `pictures` are by the frames' path, the
 * most telling first: those that would make the page longer than 15 MB are left out, and the page says so.
 */
export function htmlReport(report: HtmlReport, pictures: ReadonlyMap<string, ReportPicture>): string {
  const bare = page(report, new Map());
  let room = LONGEST_PAGE - bare.length;
  const shown = new Map<string, ReportPicture>();
  for (const [path, picture] of pictures) {
    room -= Math.ceil((picture.jpeg.length + 2 * (picture.star?.length ?? 0)) / 3) * 4 + CARD_MARKUP;
    if (room < 0) break;
    shown.set(path, picture);
  }
  return shown.size > 0 ? page(report, shown) : bare;
}

/** What every part of the page needs to know of it. */
interface Page {
  report: HtmlReport;
  pictures: ReadonlyMap<string, ReportPicture>;
  groups: readonly TitledGroup[];
  place: ReadonlyMap<ReportFrame, number>;
  /** A star of a good frame, by the id of the group. */
  goodStars: ReadonlyMap<string, Uint8Array>;
}

function page(report: HtmlReport, pictures: ReadonlyMap<string, ReportPicture>): string {
  const groups = titledGroups(report);
  const context: Page = {
    report,
    pictures: placed(groups, pictures),
    groups,
    place: new Map(report.frames.map((frame, index) => [frame, index])),
    goodStars: goodStars(report, pictures),
  };
  const name = folderName(report.input);
  const sections = groups.map((group, index) => groupSection(context, group, index));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/><meta name="color-scheme" content="dark light"/>
<title>Nebulift: ${html(name)}</title><style>${REPORT_STYLE}</style></head><body>
${header(context, name, sections)}
<main>${tiles(report)}
${keptSection(report.frames)}
${reviewSection(context)}
${sections.join("\n")}
${framesTable(context.groups, { idOf: (frame) => rowOf(context, frame), cardOf: (frame) => (context.pictures.has(frame.path) ? cardOf(context, frame) : null) })}
${ungradedTable(report, (frame) => rowOf(context, frame))}
${howToRead(report)}</main>
</body></html>
`;
}

/** Pictures of frames that the page has a card for: graded ones, each in its group. */
function placed(groups: readonly TitledGroup[], pictures: ReadonlyMap<string, ReportPicture>): Map<string, ReportPicture> {
  const graded = groups.flatMap(({ frames }) => frames.filter((frame) => GRADED.includes(finalVerdict(frame))));
  return new Map(
    graded.flatMap((frame) => {
      const picture = pictures.get(frame.path);
      return picture ? [[frame.path, picture] as const] : [];
    }),
  );
}

function goodStars(report: Report, pictures: ReadonlyMap<string, ReportPicture>): Map<string, Uint8Array> {
  const stars = new Map<string, Uint8Array>();
  for (const frame of report.frames) {
    const star = pictures.get(frame.path)?.star;
    if (star && frame.group !== null && finalVerdict(frame) === "clean" && frame.reasons.length === 0) stars.set(frame.group, star);
  }
  return stars;
}

function cardOf({ place }: Page, frame: ReportFrame): string {
  return `c${place.get(frame)}`;
}

function rowOf({ place }: Page, frame: ReportFrame): string {
  return `r${place.get(frame)}`;
}

function linkOf(context: Page, frame: ReportFrame): string {
  return `#${context.pictures.has(frame.path) ? cardOf(context, frame) : rowOf(context, frame)}`;
}

function folderName(path: string): string {
  return path.split("/").filter(Boolean).at(-1) ?? path;
}

/** At most this many of a kind are named in the header. */
const NAMED = 4;

function header({ report, groups }: Page, name: string, sections: readonly string[]): string {
  const lights = groups.flatMap(({ frames }) => frames);
  const [first, last] = extentOf(lights.flatMap((frame) => frame.metadata?.time ?? []));
  const when =
    first <= last
      ? `${timeText(first)} to ${timeText(last).startsWith(timeText(first).slice(0, 10)) ? timeText(last).slice(11) : timeText(last)} UTC`
      : "";
  const facts = [
    listed(lights.map((frame) => frame.metadata?.object)),
    when,
    listed(lights.map((frame) => frame.metadata?.telescope)),
    listed(lights.map((frame) => frame.metadata?.camera)),
  ].filter(Boolean);
  const linked = groups.flatMap(({ title, frames }, i) =>
    sections[i] ? [`<a href="#g${i}">${html(title)} <small>${frames.length}</small></a>`] : [],
  );
  const links = linked.length > 1 ? `<nav>${linked.join("")}</nav>` : "";
  return `<header><p class="brand">Nebulift ${html(report.app)}</p><h1>${html(name)}</h1><p class="quiet">${facts.map((fact) => html(fact)).join(" · ")}</p>${links}</header>`;
}

function listed(values: readonly (string | null | undefined)[]): string {
  const names = [...new Set(values.flatMap((value) => value?.trim() || []))];
  return names.length > NAMED ? `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more` : names.join(", ");
}

const GRADED: readonly VerdictKind[] = ["clean", "review", "contaminated"];

function tiles({ frames }: HtmlReport): string {
  const counts = new Map<VerdictKind, { frames: number; minutes: number }>();
  let despite = 0;
  for (const frame of frames) {
    const kind = finalVerdict(frame);
    const count = counts.get(kind) ?? { frames: 0, minutes: 0 };
    counts.set(kind, count);
    count.frames++;
    const minutes = (frame.metadata?.exposure ?? 0) / 60;
    count.minutes += minutes;
    if (kind === "clean" && isTrail(frame)) despite += minutes;
  }
  const tile = (kind: VerdictKind): string => {
    const { frames: n, minutes } = counts.get(kind) ?? { frames: 0, minutes: 0 };
    const time = minutes > 0 && GRADED.includes(kind) ? durationText(minutes) : "";
    return `<div class="tile"><b class="c-${kind}">${glyph(kind)} ${n}</b><span>${VERDICT_NAMES[kind]}</span><i>${time}</i></div>`;
  };
  const minutes = GRADED.reduce((sum, kind) => sum + (counts.get(kind)?.minutes ?? 0), 0);
  const kept = counts.get("clean")?.minutes ?? 0;
  const lead =
    minutes > 0
      ? `<p class="lead"><b>${durationText(kept)}</b> of ${durationText(minutes)} kept <small>${percentText(kept / minutes)}</small></p>`
      : "";
  const note =
    despite > 0
      ? `<p class="quiet">${durationText(despite)} of it although a trail crosses the frame: stacking removes the trail.</p>`
      : "";
  const kinds = [...GRADED, ...(["not-light", "unreadable"] as const).filter((kind) => counts.has(kind))];
  return `<section class="summary">${lead}${note}<div class="tiles">${kinds.map(tile).join("")}</div></section>`;
}

function reviewSection(context: Page): string {
  const { pictures, groups } = context;
  const frames = groups.flatMap((group) => group.frames).filter((frame) => finalVerdict(frame) === "review");
  if (frames.length === 0) return "";
  const doubt = (frame: ReportFrame): number => Math.abs((frame.probability ?? 0.5) - 0.5);
  const ordered = [...frames].sort((a, b) => doubt(a) - doubt(b));
  const groupOf = new Map(groups.flatMap(({ group, frames: members }) => members.map((frame) => [frame, group])));
  const cards = ordered.map((frame) => cardIn(context, frame, groupOf.get(frame) ?? null)).join("");
  const shown = ordered.filter((frame) => pictures.has(frame.path)).length;
  return `<section><h2>To review <small>${frames.length}, the most doubtful first</small></h2>${strip(cards)}${missing(shown, frames.length, "frames to review")}</section>`;
}

function cardIn(context: Page, frame: ReportFrame, group: TitledGroup["group"] | null, caption?: string): string {
  const picture = context.pictures.get(frame.path);
  if (!picture) return "";
  const goodStar = group && context.goodStars.get(group.id);
  return card(frame, picture, {
    group,
    id: cardOf(context, frame),
    row: rowOf(context, frame),
    goodStar: goodStar ?? null,
    ...(caption ? { caption } : {}),
  });
}

function strip(cards: string): string {
  return cards && `<div class="strip">${cards}</div>`;
}

function missing(shown: number, of: number, what: string): string {
  if (shown >= of) return "";
  return `<p class="quiet">Pictures of ${shown} of ${of} ${what}: more would make the page too large or their files could not be read again. The <a href="#frames">table</a> has all of them with their reasons.</p>`;
}

function groupSection(context: Page, { group, frames, title }: TitledGroup, index: number): string {
  const limits = limitsOf(context.report.settings, frames[0]?.metadata?.filter);
  const plots = timelines(group, frames, limits, (frame) => linkOf(context, frame));
  const worth = worthOfGroup(group, frames);
  const of = (keep: (frame: ReportFrame) => boolean): ReportFrame[] => inTime(frames.filter(keep));
  const lost = of((frame) => finalVerdict(frame) === "contaminated");
  const clean = of((frame) => finalVerdict(frame) === "clean" && context.pictures.has(frame.path));
  const kept = clean.filter((frame) => frame.reasons.length > 0);
  const models = clean.filter((frame) => frame.reasons.length === 0);
  const cards = [
    ...models.map((frame) => cardIn(context, frame, group, "a good frame")),
    ...lost.map((frame) => cardIn(context, frame, group)),
    ...kept.map((frame) => cardIn(context, frame, group, isTrail(frame) ? "kept: stacking removes the trail" : "kept")),
  ].join("");
  const shown = lost.filter((frame) => context.pictures.has(frame.path)).length;
  const few =
    Object.keys(group.baseline).length === 0
      ? `<p class="quiet">Too few frames to be compared with one another: each was judged by itself.</p>`
      : "";
  const found =
    lost.length + kept.length > 0
      ? `<h3>What was found</h3>${strip(cards)}${missing(shown, lost.length, "contaminated frames")}`
      : strip(cards);
  if (!plots && !worth && !found) return "";
  return `<section class="group" id="g${index}"><h2>${html(title)} <small>${frames.length} ${frames.length === 1 ? "frame" : "frames"}</small></h2>${few}${plots}${worth ? worthSection(worth) : ""}${found}</section>`;
}

function isTrail(frame: ReportFrame): boolean {
  return frame.reasons.some((reason) => reason.code === "trail");
}

/** Limits in force for a filter when the night was graded; settings of a report are plain values of any kind. */
function limitsOf(settings: Record<string, unknown>, filter: string | null | undefined): (name: string) => number | null {
  const filters: unknown[] = Array.isArray(settings["filters"]) ? settings["filters"] : [];
  const key = (name: unknown): string | null => (typeof name === "string" ? name.trim().toLowerCase() : null);
  const own = key(filter) === null ? undefined : filters.find((entry) => key(valueIn(entry, "filter")) === key(filter));
  return (name) => {
    const value = valueIn(valueIn(own, "limits"), name) ?? valueIn(settings["limits"], name);
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
}

function valueIn(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}

function howToRead({ settings }: HtmlReport): string {
  const trails = settings["trails"];
  const policy = typeof trails === "string" ? ` Trails were judged by the policy <b>${html(trails)}</b>.` : "";
  return `<section><details><summary>How to read this page</summary><p>Bad is what harms the stack. Every frame is held against the good part of its group: frames of the same target, filter, exposure and camera in one night. P(bad) is the chance that it harms; between clean and contaminated it is left to you.${policy}</p>
<p>Pictures share one stretch per group, so that clouds stay dark or bright as they were. Red areas are cells whose stars are missing or dimmed, blue ones cells whose sky is brighter than in the rest of the night; yellow lines run along a trail. Where focus or tracking is the trouble a star is shown pixel by pixel beside one of a good frame. Point at a picture to see what lies beneath, click to enlarge it. Small figures beside a number are the group's.</p>
<p>Weight is the squared SNR of a star, 1 for a typical good frame. Times are UTC. Lengths are sensor pixels, sky brightness is in the files' own units.</p></details></section>`;
}
