import { useEffect, useLayoutEffect, useRef, useState } from "react";

interface Tip {
  words: string;
  anchor: DOMRect;
}

/** As long as a pointer rests before words come up, ms; focus by a key shows them at once. */
const RESTS = 600;
const GAP = 6;

/**
 * Shows the words of whatever has `data-tip` under the pointer or the focus, once for the whole window. The title attribute
 * would do the same in the system's own colours, which are white on a red night. Only for what is also there otherwise.
 */
export function TipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => watchTips(setTip), []);
  useLayoutEffect(() => {
    const element = layer.current;
    if (tip === null || element === null) return;
    // The top layer, and after whatever dialog is there already.
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const below = tip.anchor.bottom + GAP;
    const left = tip.anchor.left + tip.anchor.width / 2 - width / 2;
    element.style.left = `${Math.round(Math.max(GAP, Math.min(left, window.innerWidth - width - GAP)))}px`;
    element.style.top = `${Math.round(below + height > window.innerHeight - GAP ? tip.anchor.top - height - GAP : below)}px`;
  }, [tip]);
  if (tip === null) return null;
  return (
    <div key={tip.words} ref={layer} className="tip" popover="manual" aria-hidden="true">
      {tip.words}
    </div>
  );
}

function watchTips(show: (tip: Tip | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let current: Element | null = null;
  const hide = () => {
    if (timer !== null) clearTimeout(timer);
    if (current !== null) show(null);
    timer = null;
    current = null;
  };
  const over = (event: Event, rests: number) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
    if (element === current) return;
    hide();
    const words = element?.dataset["tip"];
    if (element === null || words === undefined || words === "") return;
    current = element;
    timer = setTimeout(() => element.isConnected && show({ words, anchor: element.getBoundingClientRect() }), rests);
  };
  const pointed = (event: Event) => over(event, RESTS);
  const focused = (event: Event) => {
    if (event.target instanceof Element && event.target.matches(":focus-visible")) over(event, 0);
  };
  const events = [
    ["pointerover", pointed],
    ["focusin", focused],
    ["focusout", hide],
    ["pointerdown", hide],
    ["keydown", hide],
    ["scroll", hide],
  ] as const;
  for (const [name, listener] of events) document.addEventListener(name, listener, true);
  return () => {
    hide();
    for (const [name, listener] of events) document.removeEventListener(name, listener, true);
  };
}
