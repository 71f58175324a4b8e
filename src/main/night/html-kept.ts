import type { ReportFrame } from "../../shared/domain.ts";
import { durationText, percentText } from "../../shared/quantity-words.ts";
import { html } from "./html-text.ts";
import { type Amount, type FilterTime, timePerFilter } from "./integration-time.ts";

/** Integration time kept and lost per filter, the lost by cause: bars for the eye, the same in words and figures beside them. */
export function keptSection(frames: readonly ReportFrame[]): string {
  const rows = timePerFilter(frames);
  if (rows.length === 0) return "";
  // Where hardly any file gives its exposure, minutes would tell of a few frames only.
  const all = rows.reduce((sum, row) => sum + total(row, (amount) => amount.frames), 0);
  const untimed = rows.reduce((sum, row) => sum + row.untimed, 0);
  const timed = untimed < all / 2;
  const size = (amount: Amount): number => (timed ? amount.minutes : amount.frames);
  const text = (amount: Amount): string =>
    amount.frames === 0 ? "–" : timed ? durationText(amount.minutes) : `${amount.frames} ${amount.frames === 1 ? "frame" : "frames"}`;
  const longest = Math.max(...rows.map((row) => total(row, size)), 1e-9);
  const body = rows.map((row) => filterRow(row, size, text, longest)).join("");
  const notes = [
    timed && untimed > 0 ? `${untimed} of ${all} frames do not give their exposure and count as no time.` : "",
    timed ? "" : "Most files do not give their exposure: frames are counted instead.",
  ];
  return `<section><h2>Kept and lost per filter</h2><div class="scroll" tabindex="0"><table class="kept"><thead><tr><th scope="col">Filter</th><td class="wide"></td><th scope="col">Kept</th><th scope="col">To review</th><th scope="col">Lost</th><th scope="col" class="causes">Lost to</th></tr></thead><tbody>${body}</tbody>${rows.length > 1 ? totals(rows, text) : ""}</table></div>${notes
    .filter(Boolean)
    .map((note) => `<p class="quiet">${note}</p>`)
    .join("")}</section>`;
}

function total(row: FilterTime, size: (amount: Amount) => number): number {
  return size(row.kept) + size(row.review) + size(row.lost);
}

function filterRow(row: FilterTime, size: (amount: Amount) => number, text: (amount: Amount) => string, longest: number): string {
  const bar = (kind: string, amount: Amount, name: string): string =>
    amount.frames === 0 || size(amount) === 0
      ? ""
      : `<i class="b-${kind}" style="flex-grow:${(size(amount) / longest).toFixed(4)}" title="${html(`${name}: ${text(amount)}`)}"></i>`;
  const rest = 1 - total(row, size) / longest;
  const bars = [
    bar("clean", row.kept, "kept"),
    bar("review", row.review, "to review"),
    ...row.causes.map((cause) => bar("contaminated", cause, `lost to ${cause.cause}`)),
    rest > 1e-4 ? `<i style="flex-grow:${rest.toFixed(4)}"></i>` : "",
  ].join("");
  const everything = total(row, size);
  const share = everything > 0 ? ` <small>${percentText(size(row.kept) / everything)}</small>` : "";
  const causes = row.causes.map((cause) => `<span>${html(cause.cause)} ${text(cause)}</span>`).join(", ");
  return `<tr><th scope="row">${html(row.filter)}</th><td class="wide"><div class="bars" aria-hidden="true">${bars}</div></td><td class="c-clean">${text(row.kept)}${share}</td><td class="c-review">${text(row.review)}</td><td class="c-contaminated">${text(row.lost)}</td><td class="causes">${causes}</td></tr>`;
}

function totals(rows: readonly FilterTime[], text: (amount: Amount) => string): string {
  const sum = (of: (row: FilterTime) => Amount): string => {
    const amount = { frames: 0, minutes: 0 };
    for (const row of rows) {
      amount.frames += of(row).frames;
      amount.minutes += of(row).minutes;
    }
    return text(amount);
  };
  return `<tfoot><tr><th scope="row">together</th><td class="wide"></td><td>${sum((row) => row.kept)}</td><td>${sum((row) => row.review)}</td><td>${sum((row) => row.lost)}</td><td class="causes"></td></tr></tfoot>`;
}
