import { useStore } from "zustand";
import type { CommandId } from "../../../../shared/commands.ts";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { canRun, commandStore, runCommand } from "../../stores/commands.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";

const words = texts.nightPane.actions;

const ACTIONS: readonly { command: CommandId; icon: IconName; label: string }[] = [
  { command: "night.rules", icon: "limits", label: words.rules },
  { command: "night.sort", icon: "folder", label: words.sort },
  { command: "night.export", icon: "handover", label: words.export },
];

/** What is done with a whole night, once it was looked at. */
export function NightActions() {
  useStore(commandStore, (state) => state.version);
  useCommands({ "night.rules": () => viewStore.setState({ dialog: "rules" }) });
  return (
    <fieldset className="night-actions">
      <legend className="for-ears">{words.label}</legend>
      {ACTIONS.map(({ command, icon, label }) => (
        <button key={command} type="button" className="button" disabled={!canRun(command)} onClick={() => runCommand(command)}>
          <Icon name={icon} size={14} />
          {label}
        </button>
      ))}
    </fieldset>
  );
}
