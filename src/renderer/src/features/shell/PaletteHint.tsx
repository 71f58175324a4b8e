import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import { Hint } from "../hints/Hint.tsx";

/** Where everything else is; in the title bar's free space, which is there without it. */
export function PaletteHint() {
  return (
    <Hint id="palette" until={["window.palette"]}>
      <CommandKey id="window.palette" /> {texts.settings.hints.palette}
    </Hint>
  );
}
