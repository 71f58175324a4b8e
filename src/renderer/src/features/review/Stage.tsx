import { type MouseEvent, type PointerEvent, type ReactNode, type RefCallback, type RefObject, useRef, useState } from "react";
import { type Glass, panned, type Size, sheetOf, type View, zoomedTo, zoomOf } from "./view-transform.ts";

interface StageParts {
  box: RefCallback<HTMLElement>;
  glass: Glass | null;
  frame: Size;
  view: View;
  onView: (view: View) => void;
  /** Where the pointer is over the stage, so that a key can zoom there; null when it is elsewhere. */
  pointer: RefObject<{ x: number; y: number } | null>;
  children: (sheet: { scale: number }) => ReactNode;
  /** What lies over the picture without moving with it. */
  over?: ReactNode;
}

/** A wheel's notch changes the zoom by a quarter. */
const PER_NOTCH = 1.25;
const NOTCH = 100;

/** A window on a frame: the wheel zooms at the pointer, dragging moves. Keys are the pane's. */
export function Stage({ box, glass, frame, view, onView, pointer, children, over }: StageParts) {
  const [dragging, setDragging] = useState(false);
  const last = useRef({ x: 0, y: 0 });
  const sheet = glass === null ? null : sheetOf(view, frame, glass);
  const larger = glass !== null && sheet !== null && (sheet.width > glass.width + 1 || sheet.height > glass.height + 1);

  const place = ({ currentTarget, clientX, clientY }: MouseEvent) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const move = (event: PointerEvent) => {
    pointer.current = place(event);
    if (!dragging || glass === null) return;
    onView(panned(view, frame, glass, event.clientX - last.current.x, event.clientY - last.current.y));
    last.current = { x: event.clientX, y: event.clientY };
  };

  return (
    <div
      ref={box}
      className={`stage${larger ? " stage-larger" : ""}${dragging ? " stage-dragging" : ""}`}
      onWheel={(event) => {
        if (glass === null) return;
        const zoom = zoomOf(view, frame, glass) * PER_NOTCH ** (-event.deltaY / NOTCH);
        onView(zoomedTo(zoom, view, frame, glass, place(event)));
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || !larger) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = { x: event.clientX, y: event.clientY };
        setDragging(true);
      }}
      onPointerMove={move}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onPointerLeave={() => {
        pointer.current = null;
      }}
    >
      {sheet !== null && (
        <div className="sheet" style={{ left: sheet.x, top: sheet.y, width: sheet.width, height: sheet.height }}>
          {children({ scale: sheet.width / frame.width })}
        </div>
      )}
      <div className="stage-tint" />
      {over}
    </div>
  );
}
