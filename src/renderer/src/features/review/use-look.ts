import type { RefObject } from "react";
import type { FrameRow } from "../../../../shared/contract.ts";
import { pin } from "../../stores/actions/review.ts";
import { changeSettings } from "../../stores/actions/settings.ts";
import { reviewStore } from "../../stores/review.ts";
import { settingsStore } from "../../stores/settings.ts";
import { toast } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";
import type { Blink } from "./use-blink.ts";
import { type Glass, panned, type Size, toggledZoom, type View, zoomedTo, zoomOf } from "./view-transform.ts";

/** One frame, two beside one another, or its nine corners. */
export type Arrangement = "one" | "compare" | "corners";

interface LookParts {
  row: FrameRow | null;
  reference: FrameRow | null;
  view: View;
  onView: (view: View) => void;
  frame: Size;
  glass: Glass | null;
  pointer: RefObject<{ x: number; y: number } | null>;
  blink: Blink;
  arrangement: Arrangement;
  setArrangement: (arrangement: Arrangement) => void;
}

/** One press of a zoom key. */
const CLOSER = 1.25;
/** A press of a moving key moves by this share of the window. */
const STRIDE = 0.15;

/** What the keys do to how the frame is looked at. */
export function useLook({ row, reference, view, onView, frame, glass, pointer, blink, arrangement, setArrangement }: LookParts): void {
  const zoomed = (change: (glass: Glass, at: { x: number; y: number }) => View) =>
    glass === null || arrangement === "corners"
      ? null
      : () => onView(change(glass, pointer.current ?? { x: glass.width / 2, y: glass.height / 2 }));
  const moved = (x: number, y: number) =>
    zoomed((glass) => panned(view, frame, glass, -x * STRIDE * glass.width, -y * STRIDE * glass.height));
  const arranged = (wanted: Arrangement) => setArrangement(arrangement === wanted ? "one" : wanted);
  const withReference = (run: () => void) => () => (reference === null ? toast(texts.review.blink.noReference) : run());

  useCommands({
    "look.zoom": arrangement === "corners" ? () => setArrangement("one") : zoomed((glass, at) => toggledZoom(view, frame, glass, at)),
    "look.closer": zoomed((glass, at) => zoomedTo(zoomOf(view, frame, glass) * CLOSER, view, frame, glass, at)),
    "look.further": zoomed((glass, at) => zoomedTo(zoomOf(view, frame, glass) / CLOSER, view, frame, glass, at)),
    "look.left": moved(-1, 0),
    "look.right": moved(1, 0),
    "look.up": moved(0, -1),
    "look.down": moved(0, 1),
    "look.corners": () => {
      blink.stop();
      arranged("corners");
    },
    "look.cells": () => toggleOverlay("cells"),
    "look.trails": () => toggleOverlay("trails"),
    "look.stars": () => toggleOverlay("stars"),
    "look.stretch": () => void changeSettings({ stretch: settingsStore.getState().stretch === "night" ? "frame" : "night" }),
    "review.blink": withReference(() => {
      setArrangement("one");
      blink.togglePair();
    }),
    "review.play": () => {
      if (arrangement === "compare") setArrangement("one");
      blink.togglePlay();
    },
    "review.compare": withReference(() => {
      blink.stop();
      arranged("compare");
    }),
    "review.pin": row === null ? null : () => pin(reviewStore.getState().pinned === row.id ? null : row.id),
  });
}

function toggleOverlay(name: "cells" | "trails" | "stars"): void {
  const { overlays } = settingsStore.getState();
  void changeSettings({ overlays: { ...overlays, [name]: !overlays[name] } });
}
