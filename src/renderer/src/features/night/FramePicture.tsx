import { useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { GRID_COLUMNS, GRID_ROWS, type ReportFrame } from "../../../../shared/domain.ts";
import { pictureOf } from "../../stores/pictures.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { cellArea, cellOutline } from "./cell-outline.ts";

const WIDTH = 1400;

/** The frame as it is, with what was found drawn where it was found. */
export function FramePicture({ row }: { row: FrameRow }) {
  const { cells, trails } = useStore(settingsStore, (settings) => settings.overlays);
  // What cannot be read has no picture either; asking for one would only fail once more.
  const [state, setState] = useState<"loading" | "shown" | "none">(row.frame.error === null ? "loading" : "none");
  const [width, height] = [row.frame.metadata?.width ?? 3, row.frame.metadata?.height ?? 2];
  return (
    <figure className={`picture picture-${state}`} style={{ aspectRatio: `${width} / ${height}` }}>
      {state !== "none" && (
        <img
          src={pictureOf(row.id, { kind: "whole", width: WIDTH })}
          alt={texts.frame.picture(row.name)}
          draggable={false}
          onLoad={() => setState("shown")}
          onError={() => setState("none")}
        />
      )}
      {state !== "shown" && <p className="picture-words">{state === "loading" ? texts.frame.loading : texts.frame.noPicture}</p>}
      {(cells || trails) && state === "shown" && <FoundMarks frame={row.frame} width={width} height={height} />}
    </figure>
  );
}

/** Cells and lines in stored pixels; where rows are stored from the bottom up, the upright picture shows them mirrored. */
function FoundMarks({ frame, width, height }: { frame: ReportFrame; width: number; height: number }) {
  const upsideDown = frame.metadata?.rowOrder === "bottom-up";
  const [cellWidth, cellHeight] = [width / GRID_COLUMNS, height / GRID_ROWS];
  return (
    <svg className="marks" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <g transform={upsideDown ? `matrix(1 0 0 -1 0 ${height})` : undefined}>
        {frame.reasons.map((reason, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: reasons of one frame have no other name and never change places
          <g key={index} className={`mark-${reason.severity}`}>
            {reason.where?.cells !== undefined && (
              <g transform={`scale(${cellWidth} ${cellHeight})`}>
                <path className="area" d={cellArea(reason.where.cells)} />
                <path className="outline" d={cellOutline(reason.where.cells)} />
              </g>
            )}
            {reason.where?.lines?.map(([x1, y1, x2, y2]) => (
              // Half a pixel: (0, 0) is the centre of the first pixel, not its corner.
              <g key={`${x1},${y1},${x2},${y2}`}>
                <line className="halo" x1={x1 + 0.5} y1={y1 + 0.5} x2={x2 + 0.5} y2={y2 + 0.5} />
                <line x1={x1 + 0.5} y1={y1 + 0.5} x2={x2 + 0.5} y2={y2 + 0.5} />
              </g>
            ))}
          </g>
        ))}
      </g>
    </svg>
  );
}
