import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { ReportFrame } from "../../../shared/domain.ts";
import { FrameMarks } from "./FrameMarks.tsx";

const frame = (rowOrder: "top-down" | "bottom-up") =>
  ({
    metadata: { format: "fits", width: 800, height: 600, planes: 1, rowOrder },
    reasons: [
      { code: "clouds", severity: "hard", where: { cells: [[0, 0]] } },
      { code: "trail", severity: "soft", where: { lines: [[10, 20, 700, 500]] } },
    ],
  }) as unknown as ReportFrame;

const stars = { x: [100, 200], y: [50, 60], fwhm: [4, 0], eccentricity: [0.6, 0], angle: [30, 0], flags: [8, 1] };

describe("marks on a picture", () => {
  test("lie where they were found; rows stored from the bottom up are turned over", () => {
    expect(renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells trails />)).not.toContain("matrix");
    expect(renderToStaticMarkup(<FrameMarks frame={frame("bottom-up")} cells trails />)).toContain("matrix(1 0 0 -1 0 600)");
  });

  test("of cells and trails are shown one without the other", () => {
    const cells = renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells trails={false} />);
    const trails = renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells={false} trails />);
    expect([cells.includes("outline"), cells.includes("trail")]).toEqual([true, false]);
    expect([trails.includes("outline"), trails.includes("trail")]).toEqual([false, true]);
  });

  test("of a trail have its ends, at the middle of their pixels", () => {
    const trails = renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells={false} trails />);
    expect(trails).toContain('class="trail-end" d="M10.5 20.5h0M700.5 500.5h0"');
  });

  test("of stars are as elongated as the stars, never too small to see, and told apart where saturated", () => {
    const svg = renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells={false} trails={false} stars={stars} scale={1} />);
    expect(svg).toContain('class="star-mark" rx="6" ry="4.800000000000001" transform="translate(100.5 50.5) rotate(30)"');
    expect(svg).toContain('class="star-mark star-saturated" rx="5" ry="5"');
    const far = renderToStaticMarkup(<FrameMarks frame={frame("top-down")} cells={false} trails={false} stars={stars} scale={0.25} />);
    expect(far).toContain('rx="20"');
  });
});
