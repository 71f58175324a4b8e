import { useStore } from "zustand";
import { type CommandId, commandOf, keysOf } from "../../../../shared/commands.ts";
import { keyText } from "../../components/KeyCap.tsx";
import { useMac } from "../../stores/info.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";

/** What a control that runs a command says in its tooltip (data-tip): the command, and its key as the user has it. */
export function useCommandTip(id: CommandId): string {
  const key = useStore(settingsStore, ({ keys }) => keysOf(id, keys)[0]);
  const mac = useMac();
  const { title } = commandOf(id);
  return key === undefined ? title : texts.settings.hints.tip(title, keyText(key, mac));
}
