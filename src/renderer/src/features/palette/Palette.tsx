import { Command } from "cmdk";
import { useMemo, useState } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { COMMANDS } from "../../../../shared/commands.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { KeyCap } from "../../components/KeyCap.tsx";
import { canRun, commandStore, runCommand } from "../../stores/commands.ts";
import { useMac } from "../../stores/info.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import { FoundFrames } from "./FoundFrames.tsx";
import { FoundNights } from "./FoundNights.tsx";
import { type FoundCommand, type FoundParts, foundCommands } from "./found.ts";
import "./palette.css";

const words = texts.settings.palette;

const WORDS = { groups: texts.settings.keys.groups, also: words.also };

const WHY = { night: words.needsNight, frames: words.needsFrames, now: words.notNow } as const;

/**
 * Everything that can be done, by its name. What is chosen runs after the palette is gone and the focus is back where it was.
 * The matching is ours (found.ts), because a night has ten thousand frames; the list's keys and roles are cmdk's.
 */
export function Palette() {
  const [find, setFind] = useState("");
  const mac = useMac();
  const close = () => viewStore.setState({ dialog: null });
  const choose = (what: () => void) => {
    flushSync(close);
    what();
  };
  return (
    <Dialog title={words.title} close={texts.app.close} className="palette" headless onClose={close}>
      <Command label={words.title} shouldFilter={false} vimBindings={false} loop>
        <div className="palette-find">
          <Icon name="search" />
          <Command.Input data-first value={find} onValueChange={setFind} placeholder={words.find} />
        </div>
        <Command.List className="palette-list" label={words.results}>
          <FoundCommands find={find} choose={choose} />
          <FoundNights find={find} choose={choose} />
          <FoundFrames find={find} choose={choose} />
          <Command.Empty className="palette-none">
            <p>{words.none}</p>
            <p className="quiet">{words.noneLead}</p>
          </Command.Empty>
        </Command.List>
      </Command>
      <footer className="palette-foot quiet small">
        <span>
          <KeyCap binding="ArrowUp" mac={mac} /> <KeyCap binding="ArrowDown" mac={mac} /> {words.move}
        </span>
        <span>
          <KeyCap binding="Enter" mac={mac} /> {words.run}
        </span>
        <span>
          <KeyCap binding="Escape" mac={mac} /> {words.leave}
        </span>
      </footer>
    </Dialog>
  );
}

function FoundCommands({ find, choose }: FoundParts) {
  const version = useStore(commandStore, (state) => state.version);
  const nightOpen = useStore(nightStore, (state) => state.head !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can be run changes with the version
  const found = useMemo(() => foundCommands(find, WORDS, { canRun, nightOpen }), [find, nightOpen, version]);
  return found.map((command) => <CommandItem key={command.id} command={command} onSelect={() => choose(() => runCommand(command.id))} />);
}

function CommandItem({ command, onSelect }: { command: FoundCommand; onSelect: () => void }) {
  const { id, why } = command;
  return (
    <Command.Item value={id} disabled={why !== null} onSelect={onSelect} className="palette-item">
      <span className="palette-name">{COMMANDS[id].title}</span>
      {why !== null && <span className="palette-why">{WHY[why]}</span>}
      <span className="palette-side quiet">{texts.settings.keys.groups[COMMANDS[id].group]}</span>
      <span className="palette-keys">
        <CommandKey id={id} />
      </span>
    </Command.Item>
  );
}
