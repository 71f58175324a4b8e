import { useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { FrameMarks } from "../../components/FrameMarks.tsx";
import { pictureOf } from "../../stores/pictures.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";

const WIDTH = 1400;

/** The frame as it is, with what was found drawn where it was found. */
export function FramePicture({ row }: { row: FrameRow }) {
  const { cells, trails } = useStore(settingsStore, (settings) => settings.overlays);
  // What cannot be read has no picture either; asking for one would only fail once more.
  const [state, setState] = useState<"loading" | "shown" | "none">(row.frame.error === null ? "loading" : "none");
  const [width, height] = [row.frame.metadata?.width ?? 3, row.frame.metadata?.height ?? 2];
  return (
    <figure
      className={`picture picture-${state}`}
      style={{ aspectRatio: `${width} / ${height}`, width: `min(100%, calc(46vh * ${width / height}))` }}
    >
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
      {(cells || trails) && state === "shown" && <FrameMarks frame={row.frame} cells={cells} trails={trails} />}
    </figure>
  );
}
