import type { GradedNight } from "./graded.ts";
import { goalLine, type Line, percent, reportLine } from "./lines.ts";
import { brierScore, calibrationError, causeScores, forecastsOf, isRight, mean, share } from "./rightness.ts";

const count = <T>(items: readonly T[], is: (item: T) => boolean): number => items.filter(is).length;

/** Random nights: how often is the verdict right, what does a mistake cost, and is the probability what it says? */
export function randomLines(nights: readonly GradedNight[]): Line[] {
  const part = "random";
  const frames = nights.flatMap((night) => night.frames);
  const rates = nights.map((night) => share(count(night.frames, isRight), night.frames.length));
  const good = frames.filter(({ label }) => label === "clean");
  const bad = frames.filter(({ label }) => label === "contaminated");
  const average = share(count(frames, isRight), frames.length);
  const least = Math.min(...rates);
  const lost = share(
    count(good, ({ frame }) => frame.verdict === "contaminated"),
    good.length,
  );
  const review = share(
    count(frames, ({ frame }) => frame.verdict === "review"),
    frames.length,
  );
  const forecasts = forecastsOf(frames);
  const error = calibrationError(forecasts, 10);
  const kept = count(bad, ({ frame }) => frame.verdict === "clean");
  return [
    goalLine(
      part,
      `${frames.length} frames of ${nights.length} nights judged right`,
      average,
      percent(average),
      ">= 97 %",
      (v) => v >= 0.97,
    ),
    reportLine(part, "right in the worst night", percent(least)),
    reportLine(part, "right, mean of the nights", percent(mean(rates))),
    goalLine(part, `good frames called contaminated (of ${good.length})`, lost, percent(lost, 2), "0 %", (v) => v === 0),
    reportLine(part, `bad frames called clean (of ${bad.length})`, percent(share(kept, bad.length))),
    goalLine(part, "left to review", review, percent(review), "<= 10 %", (v) => v <= 0.1),
    goalLine(part, "expected calibration error", error, error.toFixed(3), "<= 0.05", (v) => v <= 0.05),
    reportLine(part, "Brier score", brierScore(forecasts).toFixed(4)),
    ...causeScores(frames).map(({ cause, frames: all, named, said, true: right }) =>
      reportLine(
        part,
        `  ${cause}: named where it is the cause, and true where said`,
        `${all === 0 ? "-" : percent(named / all, 0)} of ${all}, ${said === 0 ? "-" : percent(right / said, 0)} of ${said}`,
      ),
    ),
  ];
}

/** Scenes and nights without a fault: nothing that is good may be lost. */
export function keepLines(part: "keep" | "good", nights: readonly GradedNight[]): Line[] {
  const lines = nights.map(({ night, frames }) => {
    const good = frames.filter(({ label }) => label === "clean");
    const kept = share(
      count(good, ({ frame }) => frame.verdict === "clean"),
      good.length,
    );
    return goalLine(part, `${night.name}: good frames kept (of ${good.length})`, kept, percent(kept), ">= 99 %", (v) => v >= 0.99);
  });
  const good = nights.flatMap(({ frames }) => frames.filter(({ label }) => label === "clean"));
  const lost = share(
    count(good, ({ frame }) => frame.verdict !== "clean"),
    good.length,
  );
  return [...lines, goalLine(part, `all ${good.length} good frames: not kept`, lost, percent(lost, 2), "<= 1 %", (v) => v <= 0.01)];
}

/** Nights that are bad from first to last, whatever their own frames have in common. */
export function lostLines(nights: readonly GradedNight[]): Line[] {
  return nights.map(({ night, frames }) => {
    const refused = share(
      count(frames, ({ frame }) => frame.verdict !== "clean"),
      frames.length,
    );
    const name = `${night.name}: not called clean (of ${frames.length})`;
    // A haze that never clears looks like a less transparent site: from one night alone nobody can tell.
    if (night.name === "veiled") return reportLine("lost", name, percent(refused));
    return goalLine("lost", name, refused, percent(refused), ">= 90 %", (v) => v >= 0.9);
  });
}

/** Nights of few frames: below eight it is said that there are too few, and nothing is compared. */
export function shortLines(nights: readonly GradedNight[]): Line[] {
  return nights.flatMap(({ night, frames }) => {
    const few = frames.length < 8;
    const saying = count(frames, ({ frame }) => frame.reasons.some(({ code }) => code === "too-few"));
    const comparing = count(frames, ({ frame }) => frame.basis === "session" || frame.comparedWith > 0);
    const right = share(count(frames, isRight), frames.length);
    const wanted = few ? frames.length : 0;
    return [
      goalLine("short", `${night.name}: frames told that there are too few`, saying, `${saying}`, `${wanted}`, (v) => v === wanted),
      goalLine(
        "short",
        `${night.name}: frames compared`,
        comparing,
        `${comparing}`,
        few ? "0" : `${frames.length}`,
        (v) => v === (few ? 0 : frames.length),
      ),
      goalLine("short", `${night.name}: judged right`, right, percent(right), "100 %", (v) => v === 1),
    ];
  });
}
