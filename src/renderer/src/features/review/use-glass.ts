import { useCallback, useState } from "react";
import type { Glass } from "./view-transform.ts";

/**
 * The size of the window that a picture is seen through, followed as it changes; null before it is on the screen. The
 * function is the ref of whichever element that is at the moment.
 */
export function useGlass(): [Glass | null, (box: HTMLElement | null) => (() => void) | undefined] {
  const [glass, setGlass] = useState<Glass | null>(null);
  const follow = useCallback((box: HTMLElement | null) => {
    if (box === null) return undefined;
    const measure = () => {
      const [width, height, density] = [box.clientWidth, box.clientHeight, window.devicePixelRatio];
      if (width === 0 || height === 0) return;
      setGlass((before) =>
        before?.width === width && before.height === height && before.density === density ? before : { width, height, density },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return [glass, follow];
}
