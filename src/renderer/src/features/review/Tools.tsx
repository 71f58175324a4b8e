import type { ReactNode } from "react";
import { useStore } from "zustand";
import { type CommandId, commandOf, keysOf } from "../../../../shared/commands.ts";
import type { FrameRow } from "../../../../shared/contract.ts";
import { keyText } from "../../components/KeyCap.tsx";
import { runCommand } from "../../stores/commands.ts";
import { useMac } from "../../stores/info.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import type { Blink } from "./use-blink.ts";
import type { Arrangement } from "./use-look.ts";
import type { View } from "./view-transform.ts";

interface ToolsParts {
  blink: Blink;
  view: View;
  arrangement: Arrangement;
  /** The reference is one that the user chose. */
  pinned: boolean;
  reference: FrameRow | null;
}

/** All that can be done to the picture, with its keys. */
export function Tools({ blink, view, arrangement, pinned, reference }: ToolsParts) {
  const overlays = useStore(settingsStore, (settings) => settings.overlays);
  const stretch = useStore(settingsStore, (settings) => settings.stretch);
  const words = texts.review.tools;
  return (
    <div className="tools" role="toolbar" aria-label={words.label}>
      <div className="tool-group">
        <Tool command="look.zoom" pressed={view.zoom !== "fit" && arrangement !== "corners"}>
          {words.zoom}
        </Tool>
        <Tool command="look.corners" pressed={arrangement === "corners"}>
          {words.corners}
        </Tool>
      </div>
      <div className="tool-group">
        <Tool command="look.cells" pressed={overlays.cells}>
          {words.cells}
        </Tool>
        <Tool command="look.trails" pressed={overlays.trails}>
          {words.trails}
        </Tool>
        <Tool command="look.stars" pressed={overlays.stars}>
          {words.stars}
        </Tool>
        <Tool command="look.stretch" pressed={stretch === "frame"}>
          {words.own}
        </Tool>
      </div>
      <div className="tool-group">
        <Tool command="review.blink" pressed={blink.mode === "pair"} disabled={reference === null}>
          {words.blink}
        </Tool>
        <Tool command="review.compare" pressed={arrangement === "compare"} disabled={reference === null}>
          {words.compare}
        </Tool>
        <Tool command="review.pin" pressed={pinned}>
          {words.pin}
        </Tool>
        <Tool command="review.play" pressed={blink.mode === "play"} keyShown={false}>
          {words.play}
        </Tool>
      </div>
    </div>
  );
}

interface ToolParts {
  command: CommandId;
  pressed: boolean;
  disabled?: boolean;
  keyShown?: boolean;
  children: ReactNode;
}

function Tool({ command, pressed, disabled = false, keyShown = true, children }: ToolParts) {
  const changes = useStore(settingsStore, ({ keys }) => keys);
  const mac = useMac();
  const key = keysOf(command, changes)[0];
  return (
    <button
      type="button"
      className="tool"
      aria-pressed={pressed}
      disabled={disabled}
      data-tip={key === undefined ? commandOf(command).title : `${commandOf(command).title} (${keyText(key, mac)})`}
      // A click leaves the focus where it is: Space must go on blinking, not press this again.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => runCommand(command)}
    >
      {children}
      {keyShown && key !== undefined && (
        <span className="tool-key" aria-hidden="true">
          {keyText(key, mac)}
        </span>
      )}
    </button>
  );
}
