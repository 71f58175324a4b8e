import { useEffect, useRef } from "react";
import { COMMAND_IDS, type CommandId } from "../../shared/commands.ts";
import { provide } from "./stores/commands.ts";

/** While the component is on the screen, these commands do this. A command that is null or left out does nothing here. */
export function useCommands(commands: Partial<Record<CommandId, (() => void) | null>>): void {
  const latest = useRef(commands);
  latest.current = commands;
  const names = COMMAND_IDS.filter((id) => commands[id]).join(" ");
  useEffect(() => {
    const ends = names
      .split(" ")
      .filter((name): name is CommandId => name !== "")
      .map((id) => provide(id, () => latest.current[id]?.()));
    return () => {
      for (const end of ends) end();
    };
  }, [names]);
}
