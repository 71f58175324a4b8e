import { expect, test } from "vitest";
import { measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { judgeNight } from "./judge.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { starlessRows } from "./torn-rows.ts";

test("a run of missing stars is told from chance", () => {
  const rows = Array.from({ length: 200 }, (_, i) => ((i * 37) % 200) * 10);
  const gone = (from: number, to: number) => rows.map((y) => (y >= from && y <= to ? 1 : 0));
  expect(starlessRows(rows, gone(500, 620))).toEqual({ from: 500, to: 620, missing: 13, strangers: 0 });
  expect(starlessRows(rows, gone(500, 530))).toBeNull();
  // A third of all stars missing at random leaves runs of six here and there.
  expect(
    starlessRows(
      rows,
      rows.map((_, i) => ((i * 7919) % 3 === 0 ? 1 : 0)),
    ),
  ).toBeNull();
});

test("rows that slipped sideways are a fault of the download, not a cloud and not a tree", () => {
  const sky = skyOf(4, 900);
  const frames = Array.from({ length: 14 }, (_, i) =>
    measuredFrame(`f${i}`, sky, 70 + i, { shift: [(i * 7) % 23, (i * 5) % 17], minutes: 3 * i }),
  );
  const { list } = frames[12].measurement;
  for (let i = 0; i < list.x.length; i++) if (list.y[i] > 700 && list.y[i] < 830) list.x[i] = (list.x[i] + 900) % 3000;
  const judged = judgeNight(frames, DEFAULT_SETTINGS);
  const { verdict } = judged.frames.get("f12") ?? { verdict: null };
  expect(verdict?.kind).toBe("contaminated");
  expect(verdict?.reasons[0]).toMatchObject({ code: "sensor-fault", metric: "tornRows" });
  // 130 of 2000 rows.
  expect(Math.abs((verdict?.reasons[0].value ?? 0) - 0.065)).toBeLessThan(0.008);
  expect([...judged.frames].filter(([, frame]) => frame.verdict.kind !== "clean").map(([id]) => id)).toEqual(["f12"]);
});

test("a roof is no torn download: it shows no stars at all", () => {
  const sky = skyOf(4, 900);
  const frames = Array.from({ length: 14 }, (_, i) =>
    measuredFrame(`f${i}`, sky, 70 + i, {
      shift: [(i * 7) % 23, (i * 5) % 17],
      minutes: 3 * i,
      ...(i === 12 ? { cell: (_c, r) => (r === 5 ? 0 : 1) } : {}),
    }),
  );
  const verdict = judgeNight(frames, DEFAULT_SETTINGS).frames.get("f12")?.verdict;
  expect(verdict?.kind).toBe("contaminated");
  expect(verdict?.reasons.map(({ code }) => code)).not.toContain("sensor-fault");
  expect(verdict?.reasons[0].code).toBe("obstruction");
});
