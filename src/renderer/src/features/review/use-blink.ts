import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { step } from "../../stores/actions/review.ts";
import { reviewStore } from "../../stores/review.ts";
import { settingsStore } from "../../stores/settings.ts";

export type Blinking = "off" | "pair" | "play";

export interface Blink {
  mode: Blinking;
  /** The reference is seen in place of the frame. */
  flipped: boolean;
  /** Motion is unwanted: every key shows one picture. */
  still: boolean;
  togglePair: () => void;
  togglePlay: () => void;
  stop: () => void;
}

/** Between a frame and its reference, or through the queue; `ready` says that the next picture can be shown without a pause. */
export function useBlink(frame: string | null, ready: boolean): Blink {
  const rate = useStore(settingsStore, (settings) => settings.blinkRate);
  const still = useReducedMotion();
  const [mode, setMode] = useState<Blinking>("off");
  const [flipped, setFlipped] = useState(false);

  // Another frame is seen itself first, whatever it is compared with.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the frame is what makes it begin anew
  useEffect(() => setFlipped(false), [frame]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each frame is seen for its full time
  useEffect(() => {
    if (mode === "off" || still || !ready) return;
    const timer = setInterval(() => {
      if (mode === "pair") setFlipped((before) => !before);
      else if (atLast()) setMode("off");
      else step(1);
    }, 1000 / rate);
    return () => clearInterval(timer);
  }, [mode, still, ready, rate, frame]);

  const stop = () => {
    setMode("off");
    setFlipped(false);
  };
  const togglePair = () => {
    if (still) {
      setMode(flipped ? "off" : "pair");
      setFlipped(!flipped);
    } else if (mode === "pair") stop();
    else {
      setMode("pair");
      setFlipped(true);
    }
  };
  const togglePlay = () => {
    if (still) step(1);
    else if (mode === "play") stop();
    else {
      if (atLast()) step(-reviewStore.getState().ids.length);
      setFlipped(false);
      setMode("play");
    }
  };
  return { mode, flipped: flipped && mode === "pair", still, togglePair, togglePlay, stop };
}

function atLast(): boolean {
  const { at, ids } = reviewStore.getState();
  return at >= ids.length - 1;
}

const REDUCED = "(prefers-reduced-motion: reduce)";

function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(() => window.matchMedia(REDUCED).matches);
  useEffect(() => {
    const query = window.matchMedia(REDUCED);
    const follow = () => setReduced(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return reduced;
}
