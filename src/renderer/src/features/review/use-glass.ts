import { type RefObject, useLayoutEffect, useState } from "react";
import type { Glass } from "./view-transform.ts";

/** The size of the window that a picture is seen through, followed as it changes; null before it is on the screen. */
export function useGlass(element: RefObject<HTMLElement | null>): Glass | null {
  const [glass, setGlass] = useState<Glass | null>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
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
  }, [element]);
  return glass;
}
