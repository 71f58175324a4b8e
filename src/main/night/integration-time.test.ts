import { expect, test } from "vitest";
import { cloudedFrame, gradedFrame, hardReason } from "../../../test/fixtures/graded-night.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import { timePerFilter } from "./integration-time.ts";

const through = (filter: string | null, frame: ReportFrame, exposure: number | null = 300): ReportFrame => {
  const { filter: _, exposure: __, ...metadata } = frame.metadata ?? { format: "fits", width: 1, height: 1, planes: 1 };
  return { ...frame, metadata: { ...metadata, ...(filter === null ? {} : { filter }), ...(exposure === null ? {} : { exposure }) } };
};

test("every minute is kept, to be reviewed or lost to one cause, per filter", () => {
  const trail = hardReason({ code: "trail", severity: "soft" });
  const rows = timePerFilter([
    through("R", gradedFrame(0)),
    through("R ", gradedFrame(1, { reasons: [trail] })),
    through("R", gradedFrame(2, { verdict: "review" })),
    through("Ha", cloudedFrame(3), 600),
    through("Ha", cloudedFrame(4, { reasons: [hardReason({ code: "focus" }), hardReason()] }), 1200),
    through("Ha", cloudedFrame(5), 600),
    through("Ha", gradedFrame(6, { verdict: "not-light" })),
    through("Ha", gradedFrame(7, { verdict: "unreadable" })),
  ]);
  expect(rows).toEqual([
    {
      filter: "Ha",
      kept: { frames: 0, minutes: 0 },
      keptDespiteTrail: { frames: 0, minutes: 0 },
      review: { frames: 0, minutes: 0 },
      lost: { frames: 3, minutes: 40 },
      causes: [
        { cause: "clouds", frames: 2, minutes: 20 },
        { cause: "focus", frames: 1, minutes: 20 },
      ],
      untimed: 0,
    },
    {
      filter: "R",
      kept: { frames: 2, minutes: 10 },
      keptDespiteTrail: { frames: 1, minutes: 5 },
      review: { frames: 1, minutes: 5 },
      lost: { frames: 0, minutes: 0 },
      causes: [],
      untimed: 0,
    },
  ]);
});

test("frames without a filter or an exposure are counted under what they are", () => {
  const [row] = timePerFilter([through(null, gradedFrame(0), null), through(" ", gradedFrame(1), 60)]);
  expect(row).toMatchObject({ filter: "no filter", kept: { frames: 2, minutes: 1 }, untimed: 1 });
});

test("the user's decision moves a frame, with the user's cause", () => {
  const [row] = timePerFilter([
    cloudedFrame(0, { decided: { verdict: "clean", cause: null, when: 0 } }),
    gradedFrame(1, { decided: { verdict: "contaminated", cause: "tracking", when: 0 } }),
    gradedFrame(2, { decided: { verdict: "contaminated", cause: null, when: 0 } }),
  ]);
  expect(row.kept.frames).toBe(1);
  expect(row.causes.map(({ cause }) => cause)).toEqual(["tracking", "your decision"]);
});
