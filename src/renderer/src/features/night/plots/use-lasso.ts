import { type PointerEvent, useState } from "react";
import { understood } from "../../../stores/actions/settings.ts";
import { gathered } from "../../../stores/selection.ts";
import { say, viewStore } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import { HEIGHT } from "./geometry.ts";
import { encloses, type Spot, strokeShape } from "./lasso.ts";
import type { TimelineFrames } from "./timeline-frames.ts";

export interface Lasso {
  /** What is being drawn now; null while nothing is. */
  shape: readonly Spot[] | null;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  onPointerCancel: () => void;
}

/** Picks frames by a stroke: alone, with Shift or Ctrl/Cmd to those picked before, with Alt out of them. */
export function useLasso(frames: TimelineFrames, points: readonly Spot[], onClick: (spot: Spot) => void): Lasso {
  const [stroke, setStroke] = useState<readonly Spot[] | null>(null);
  const spotOf = (event: PointerEvent<HTMLElement>): Spot => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return {
    shape: stroke === null ? null : strokeShape(stroke, HEIGHT),
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setStroke([spotOf(event)]);
    },
    onPointerMove: (event) => {
      if (stroke !== null) setStroke([...stroke, spotOf(event)]);
    },
    onPointerUp: (event) => {
      if (stroke === null) return;
      setStroke(null);
      const shape = strokeShape([...stroke, spotOf(event)], HEIGHT);
      if (shape === null) return onClick(spotOf(event));
      const found = frames.rows.filter((_, index) => within(shape, points[index])).map(({ id }) => id);
      const how = event.altKey ? "less" : event.shiftKey || event.ctrlKey || event.metaKey ? "more" : "instead";
      const picked = gathered(viewStore.getState().picked, found, how);
      const [first] = found;
      viewStore.setState(how !== "less" && first !== undefined ? { picked, selected: first } : { picked });
      void understood("timelines");
      say(texts.nightPane.frames(picked.size));
    },
    onPointerCancel: () => setStroke(null),
  };
}

function within(shape: readonly Spot[], point: Spot | undefined): boolean {
  return point !== undefined && encloses(shape, point);
}
