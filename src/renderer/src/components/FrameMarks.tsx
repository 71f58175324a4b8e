import { GRID_COLUMNS, GRID_ROWS, type ReportFrame } from "../../../shared/domain.ts";
import { cellArea, cellOutline } from "./cell-outline.ts";
import { type StarColumns, StarMarks } from "./StarMarks.tsx";
import "./marks.css";

interface MarksParts {
  frame: ReportFrame;
  cells: boolean;
  trails: boolean;
  /** The frame's measured stars; null draws none. */
  stars?: StarColumns | null;
  /** Screen pixels per sensor pixel, so that small stars stay visible. */
  scale?: number;
}

/**
 * What was found, drawn where it was found, over an upright picture of the whole frame. Places are in stored pixels; where
 * rows are stored from the bottom up, the upright picture shows them mirrored.
 */
export function FrameMarks({ frame, cells, trails, stars = null, scale = 1 }: MarksParts) {
  const [width, height] = [frame.metadata?.width ?? 3, frame.metadata?.height ?? 2];
  const upsideDown = frame.metadata?.rowOrder === "bottom-up";
  return (
    <svg className="marks" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <g transform={upsideDown ? `matrix(1 0 0 -1 0 ${height})` : undefined}>
        {frame.reasons.map((reason, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: reasons of one frame have no other name and never change places
          <g key={index} className={`mark-${reason.severity}`}>
            {cells && reason.where?.cells !== undefined && (
              <g transform={`scale(${width / GRID_COLUMNS} ${height / GRID_ROWS})`}>
                <path className="area" d={cellArea(reason.where.cells)} />
                <path className="halo" d={cellOutline(reason.where.cells)} />
                <path className="outline" d={cellOutline(reason.where.cells)} />
              </g>
            )}
            {trails && reason.where?.lines?.map((line) => <TrailMark key={line.join()} line={line} />)}
          </g>
        ))}
        {stars !== null && <StarMarks stars={stars} scale={scale} />}
      </g>
    </svg>
  );
}

/** The line with its ends as dots, so that where it was lost can be told from where it left the frame. */
function TrailMark({ line: [x1, y1, x2, y2] }: { line: readonly [number, number, number, number] }) {
  // Half a pixel: (0, 0) is the centre of the first pixel, not its corner.
  const [from, to] = [`${x1 + 0.5} ${y1 + 0.5}`, `${x2 + 0.5} ${y2 + 0.5}`];
  return (
    <>
      <path className="halo" d={`M${from}L${to}`} />
      <path className="trail" d={`M${from}L${to}`} />
      <path className="trail-end halo" d={`M${from}h0M${to}h0`} />
      <path className="trail-end" d={`M${from}h0M${to}h0`} />
    </>
  );
}
