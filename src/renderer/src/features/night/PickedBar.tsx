import { useStore } from "zustand";
import type { CommandId } from "../../../../shared/commands.ts";
import type { FrameRow } from "../../../../shared/contract.ts";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { minutesOf } from "../../frame-facts.ts";
import { integration } from "../../quantities.ts";
import { runCommand } from "../../stores/commands.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";

const words = texts.nightPane.picked;

const ACTIONS: readonly { command: CommandId; icon: IconName; label: string }[] = [
  { command: "review.keep", icon: "clean", label: words.keep },
  { command: "review.reject", icon: "contaminated", label: words.reject },
  { command: "review.doubt", icon: "review", label: words.doubt },
];

/** What can be done with frames that were picked together; in the finder's row, so that nothing moves when it comes. */
export function PickedBar({ shown }: { shown: readonly FrameRow[] }) {
  const picked = useStore(viewStore, (state) => state.picked);
  if (picked.size === 0) return null;
  const rows = shown.filter(({ id }) => picked.has(id));
  return (
    <section className="picked-bar" aria-label={words.label}>
      <strong className="picked-count">{words.count(rows.length, integration(minutesOf(rows)))}</strong>
      {ACTIONS.map(({ command, icon, label }) => (
        <button key={command} type="button" className="button button-small" onClick={() => runCommand(command)}>
          <Icon name={icon} size={13} />
          {label}
        </button>
      ))}
      <button type="button" className="button button-small picked-clear" onClick={() => runCommand("review.clear")}>
        {words.clear}
      </button>
      <button
        type="button"
        className="button button-bare button-small"
        aria-label={words.none}
        onClick={() => viewStore.setState({ picked: new Set() })}
      >
        <Icon name="cross" size={13} />
      </button>
    </section>
  );
}
