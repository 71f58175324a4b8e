import { createStore } from "zustand/vanilla";
import type { CommandId } from "../../../shared/commands.ts";

/**
 * What each command does at the moment: features say so while they are on the screen, the one that came last is asked
 * first. Keys, menu and palette run commands by name and know nothing else of features.
 */
type Run = () => void;

const standing = new Map<CommandId, Run[]>();

/** Changes whenever another set of commands can be run; the palette reads it. */
export const commandStore = createStore<{ version: number }>(() => ({ version: 0 }));

/** Until the function returned is called, `run` is what the command does. */
export function provide(id: CommandId, run: Run): () => void {
  standing.set(id, [...(standing.get(id) ?? []), run]);
  commandStore.setState(({ version }) => ({ version: version + 1 }));
  return () => {
    standing.set(
      id,
      (standing.get(id) ?? []).filter((other) => other !== run),
    );
    commandStore.setState(({ version }) => ({ version: version + 1 }));
  };
}

export function canRun(id: CommandId): boolean {
  return (standing.get(id)?.length ?? 0) > 0;
}

/** Runs the command; false when nothing on the screen can do it now. */
export function runCommand(id: CommandId): boolean {
  const run = standing.get(id)?.at(-1);
  run?.();
  return run !== undefined;
}
