import { Command } from "cmdk";
import { useMemo } from "react";
import { useStore } from "zustand";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { VerdictBadge } from "../../components/VerdictBadge.tsx";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { type FoundParts, foundFrames } from "./found.ts";

const words = texts.settings.palette;

/** More would not be read but narrowed down. */
const MOST = 12;

/** Frames of the open night by their file's name; the one that is chosen comes before the eyes. */
export function FoundFrames({ find, choose }: FoundParts) {
  const rows = useStore(nightStore, (state) => state.rows);
  const found = useMemo(() => foundFrames(rows, find, MOST), [rows, find]);
  if (rows.length > 0 && find.trim() === "") return <p className="palette-lead quiet">{words.nightLead}</p>;
  if (found.rows.length === 0) return null;
  return (
    <Command.Group heading={words.frames} className="palette-group">
      {found.rows.map((row) => (
        <Command.Item key={row.id} value={`frame ${row.id}`} onSelect={() => choose(() => lookAt(row.id))} className="palette-item">
          <span className="palette-name">{row.name}</span>
          <VerdictBadge kind={finalVerdict(row.frame)} />
        </Command.Item>
      ))}
      {found.more > 0 && <p className="palette-lead quiet">{words.more(found.more)}</p>}
    </Command.Group>
  );
}

/** Nothing may hide the frame: it was asked for by name. Review shows it where it is, everything else gives way to the night. */
function lookAt(id: string): void {
  const { pane } = viewStore.getState();
  viewStore.setState({
    selected: id,
    picked: new Set(),
    words: "",
    verdict: null,
    group: null,
    pane: pane === "review" ? "review" : "night",
  });
}
