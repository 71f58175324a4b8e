import { defaultFilter } from "cmdk";
import { COMMAND_IDS, type CommandGroup, type CommandId, commandOf } from "../../../../shared/commands.ts";
import type { FrameRow, RecentNight } from "../../../../shared/contract.ts";

/** What the words typed into the palette come to; the best first. */

/** A part of the list: what was typed, and how one of its entries is chosen. */
export interface FoundParts {
  find: string;
  /** Closes the palette, then does this. */
  choose: (what: () => void) => void;
}

export interface FoundCommand {
  id: CommandId;
  /** Why it cannot be run now; null when it can. */
  why: "night" | "frames" | "now" | null;
}

interface CommandWords {
  groups: Record<CommandGroup, string>;
  /** Other words that people look for a command by. */
  also: Partial<Record<CommandId, readonly string[]>>;
}

interface Standing {
  canRun: (id: CommandId) => boolean;
  nightOpen: boolean;
}

/** Opening the palette from itself would do nothing. */
const LISTED = COMMAND_IDS.filter((id) => id !== "window.palette");

/** Without words all commands, in the table's order; those that cannot run now come last and say what they wait for. */
export function foundCommands(find: string, { groups, also }: CommandWords, { canRun, nightOpen }: Standing): FoundCommand[] {
  const why = (id: CommandId): FoundCommand["why"] => {
    if (canRun(id)) return null;
    const { needsNight, onFrames } = commandOf(id);
    if (needsNight && !nightOpen) return "night";
    return onFrames ? "frames" : "now";
  };
  const scored = LISTED.map((id) => ({
    id,
    why: why(id),
    score: score(commandOf(id).title, find, [groups[commandOf(id).group], ...(also[id] ?? [])]),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => Number(a.why !== null) - Number(b.why !== null) || b.score - a.score)
    .map(({ id, why }) => ({ id, why }));
}

/** Frames whose file name has all of the words, in the night's order. A name is known by its parts, so nothing is guessed at. */
export function foundFrames(rows: readonly FrameRow[], find: string, most: number): { rows: FrameRow[]; more: number } {
  const parts = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return { rows: [], more: 0 };
  const found = rows.filter(({ name }) => {
    const low = name.toLowerCase();
    return parts.every((part) => low.includes(part));
  });
  return { rows: found.slice(0, most), more: Math.max(0, found.length - most) };
}

export function foundRecents(recents: readonly RecentNight[], find: string, name: (title: string) => string): RecentNight[] {
  return recents
    .map((recent) => ({ recent, score: score(name(recent.title), find, recent.paths) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ recent }) => recent);
}

/** Below this the letters stand in the right order and mean nothing. */
const LEAST = 0.1;

function score(text: string, find: string, more: readonly string[]): number {
  if (find.trim() === "") return 1;
  const value = defaultFilter(text, find.trim(), [...more]);
  return value < LEAST ? 0 : value;
}
