import { COMMAND_IDS, COMMANDS, type CommandId, isSameKey, type KeyChanges, keysOf } from "../../../../shared/commands.ts";

/** What the user's changes to the keys come to; none of these leaves one key to two commands. */

export const MOST_KEYS = 4;

/** Keys that stay what they are everywhere: leaving, the next control, the clipboard, ending the program. */
const RESERVED = ["Escape", "Tab", "Shift+Tab", "$mod+c", "$mod+v", "$mod+x", "$mod+q", "Alt+F4"];

export function isReserved(key: string): boolean {
  return RESERVED.some((reserved) => isSameKey(reserved, key));
}

/** The command has this key instead of the one replaced, or besides its others; whoever had it before goes without. */
export function withKey(changes: KeyChanges, id: CommandId, key: string, replaced: string | null): KeyChanges {
  const own = keysOf(id, changes).filter((other) => !isSameKey(other, key));
  const at = replaced === null ? -1 : own.findIndex((other) => isSameKey(other, replaced));
  const keys = at < 0 ? [...own, key] : own.with(at, key);
  return changed(without(changes, id, [key]), id, keys.slice(0, MOST_KEYS));
}

export function withoutKey(changes: KeyChanges, id: CommandId, key: string): KeyChanges {
  return changed(
    changes,
    id,
    keysOf(id, changes).filter((own) => !isSameKey(own, key)),
  );
}

/** The command has the keys it came with; another that took one of them gives it back. */
export function withUsualKeys(changes: KeyChanges, id: CommandId): KeyChanges {
  return changed(without(changes, id, COMMANDS[id].keys), id, COMMANDS[id].keys);
}

export function isChanged(changes: KeyChanges, id: CommandId): boolean {
  return changes[id] !== undefined;
}

/** Takes these keys from every command but this one. */
function without(changes: KeyChanges, except: CommandId, keys: readonly string[]): KeyChanges {
  return COMMAND_IDS.filter((id) => id !== except).reduce((rest, id) => {
    const own = keysOf(id, rest);
    const kept = own.filter((other) => !keys.some((key) => isSameKey(key, other)));
    return kept.length === own.length ? rest : changed(rest, id, kept);
  }, changes);
}

/** Only what differs from the table is kept, so that a better table of a later version reaches everybody else. */
function changed(changes: KeyChanges, id: CommandId, keys: readonly string[]): KeyChanges {
  const { [id]: _before, ...rest } = changes;
  const usual = COMMANDS[id].keys;
  const same = usual.length === keys.length && usual.every((key, index) => isSameKey(key, keys[index] ?? ""));
  return same ? rest : { ...rest, [id]: [...keys] };
}
