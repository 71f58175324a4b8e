import { useStore } from "zustand";
import type { CommandId } from "../../../../shared/commands.ts";
import { PANES, type Pane } from "../../../../shared/desktop-settings.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { moveFocus } from "../../components/roving.ts";
import { nightStore } from "../../stores/night.ts";
import { showPane, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommandTip } from "../hints/use-command-tip.ts";

const COMMAND: Record<Pane, CommandId> = { night: "window.night", review: "window.review", settings: "window.settings" };

/** Panes in the title bar, one stop of the Tab key. */
export function PaneTabs() {
  return (
    <nav className="panes" aria-label={texts.app.panes} onKeyDown={(event) => moveFocus(event, ".pane-tab")}>
      {PANES.map((name) => (
        <PaneTab key={name} name={name} />
      ))}
    </nav>
  );
}

function PaneTab({ name }: { name: Pane }) {
  const current = useStore(viewStore, ({ pane }) => pane === name);
  const open = useStore(nightStore, ({ head }) => head !== null);
  const tip = useCommandTip(COMMAND[name]);
  return (
    <button
      type="button"
      className="pane-tab"
      aria-current={current ? "page" : undefined}
      tabIndex={current ? 0 : -1}
      disabled={name === "review" && !open}
      data-tip={tip}
      // The mouse leaves the focus where it is: arrows go on to the frames and not along the tabs.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => showPane(name)}
    >
      {texts.panes[name]}
      {name === "review" && <Doubtful />}
    </button>
  );
}

/** How many frames wait for an eye. */
function Doubtful() {
  const doubtful = useStore(nightStore, ({ rows }) => rows.filter(({ frame }) => finalVerdict(frame) === "review").length);
  if (doubtful === 0) return null;
  return (
    <span className="pane-count">
      {doubtful}
      <span className="for-ears"> {texts.app.toReview}</span>
    </span>
  );
}
