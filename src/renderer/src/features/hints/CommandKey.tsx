import { useStore } from "zustand";
import { type CommandId, keysOf } from "../../../../shared/commands.ts";
import { KeyCap } from "../../components/KeyCap.tsx";
import { useMac } from "../../stores/info.ts";
import { settingsStore } from "../../stores/settings.ts";

/** The key of a command as the user has it now; nothing where the command has none. `all` shows every one. */
export function CommandKey({ id, all = false }: { id: CommandId; all?: boolean }) {
  const changes = useStore(settingsStore, ({ keys }) => keys);
  const mac = useMac();
  const keys = keysOf(id, changes);
  return (all ? keys : keys.slice(0, 1)).map((key) => <KeyCap key={key} binding={key} mac={mac} />);
}
