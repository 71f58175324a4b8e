import { type RefObject, useEffect } from "react";

/** Takes the keyboard on coming to the screen when what had it before went away, and from nobody else. */
export function useLostFocus(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) element.current?.focus();
  }, [element]);
}
