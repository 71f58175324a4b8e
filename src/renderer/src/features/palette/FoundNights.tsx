import { Command } from "cmdk";
import { useMemo } from "react";
import { useStore } from "zustand";
import type { RecentNight } from "../../../../shared/contract.ts";
import { Shortened } from "../../components/Shortened.tsx";
import { openRecent } from "../../stores/actions/night.ts";
import { infoStore } from "../../stores/info.ts";
import { texts } from "../../texts/index.ts";
import { type FoundParts, foundRecents } from "./found.ts";

const words = texts.settings.palette;

const NONE: readonly RecentNight[] = [];

export function FoundNights({ find, choose }: FoundParts) {
  const recents = useStore(infoStore, ({ info }) => info?.recent ?? NONE);
  const found = useMemo(() => foundRecents(recents, find, words.openRecent), [recents, find]);
  if (found.length === 0) return null;
  return (
    <Command.Group heading={words.recents} className="palette-group">
      {found.map(({ id, title, paths, present }) => (
        <Command.Item
          key={id}
          value={`night ${id}`}
          disabled={!present}
          onSelect={() => choose(() => void openRecent(id))}
          className="palette-item"
        >
          <span className="palette-name">{words.openRecent(title)}</span>
          {!present && <span className="palette-why">{words.absent}</span>}
          <span className="palette-side quiet">
            <Shortened text={paths.join(", ")} keep={22} />
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
