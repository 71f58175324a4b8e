import { useStore } from "zustand";
import { Icon } from "../../components/Icon.tsx";
import { openExport } from "../../stores/actions/export.ts";
import { openSort } from "../../stores/actions/sort.ts";
import { nightStore } from "../../stores/night.ts";
import { texts } from "../../texts/index.ts";
import { useCommandTip } from "../hints/use-command-tip.ts";

/** What a graded night is for, always in the same place. */
export function WorkButtons() {
  const usable = useStore(nightStore, ({ head }) => head !== null && head.state !== "failed");
  const sortTip = useCommandTip("night.sort");
  const exportTip = useCommandTip("night.export");
  if (!usable) return null;
  return (
    <>
      <button type="button" className="button titlebar-open" data-tip={sortTip} onClick={openSort}>
        <Icon name="sort" size={14} />
        <span>{texts.work.buttons.sort}</span>
      </button>
      <button type="button" className="button titlebar-open" data-tip={exportTip} onClick={openExport}>
        <Icon name="handover" size={14} />
        <span>{texts.work.buttons.export}</span>
      </button>
    </>
  );
}
