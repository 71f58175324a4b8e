import { createStore } from "zustand/vanilla";
import type { CommandId } from "../../../shared/commands.ts";

/**
 * What each command does at the moment: features say so while they are on the screen, the one that came last is asked
 * first. Keys, menu and palette run commands by name and know nothing else of features.
 */
type Run = () => void;

const standing = new Map<CommandId, Run[]>();

/** `version` changes whenever another set of commands can be run; `last` is the one that ran last, of which hints learn. */
export const commandStore = createStore<{ version: number; last: { id: CommandId } | null }>(() => ({ version: 0, last: null }));

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
  if (run === undefined) return false;
  run();
  commandStore.setState({ last: { id } });
  return true;
}
