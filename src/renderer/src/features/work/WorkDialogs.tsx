import { useStore } from "zustand";
import { openExport } from "../../stores/actions/export.ts";
import { openSort } from "../../stores/actions/sort.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { useCommands } from "../../use-commands.ts";
import { ExportDialog } from "./ExportDialog.tsx";
import { SortDialog } from "./SortDialog.tsx";

/** Sorting and handing over, as commands and as the dialogs that they open. */
export function WorkDialogs() {
  const usable = useStore(nightStore, ({ head }) => head !== null && head.state !== "failed");
  const dialog = useStore(viewStore, (state) => state.dialog);
  useCommands({ "night.sort": usable ? openSort : null, "night.export": usable ? openExport : null });
  if (dialog === "sort") return <SortDialog />;
  return dialog === "export" ? <ExportDialog /> : null;
}
