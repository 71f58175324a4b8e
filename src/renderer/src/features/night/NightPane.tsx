import { useEffect } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { FailedNight } from "./FailedNight.tsx";
import { Finder } from "./Finder.tsx";
import { FrameTable } from "./FrameTable.tsx";
import { GroupList } from "./groups/GroupList.tsx";
import { IntegrationBars } from "./groups/IntegrationBars.tsx";
import { useNightGroups } from "./groups/use-night-groups.ts";
import { Inspector } from "./Inspector.tsx";
import { PickedBar } from "./PickedBar.tsx";
import { Timelines } from "./plots/Timelines.tsx";
import { SummaryBar } from "./SummaryBar.tsx";
import { useFrameCommands } from "./use-frame-commands.ts";
import { useVisibleFrames } from "./use-visible-frames.ts";
import "./night.css";

export function NightPane({ head }: { head: NightHead }) {
  return head.state === "failed" ? <FailedNight head={head} /> : <OpenNight head={head} />;
}

function OpenNight({ head }: { head: NightHead }) {
  const { shown, selected } = useVisibleFrames();
  const all = useStore(nightStore, (state) => state.rows.length);
  const groups = useNightGroups(head);
  const picking = useFrameCommands(shown, selected);
  const several = groups.length > 1;
  useGroupThatIsThere(head);
  return (
    <main className="night">
      <SummaryBar head={head} />
      {!several && <IntegrationBars />}
      <div className={several ? "night-main night-grouped" : "night-main"}>
        {several && (
          <div className="night-side">
            <GroupList groups={groups} />
            <IntegrationBars />
          </div>
        )}
        <div className="night-list">
          <Timelines head={head} selected={selected} />
          <div className="finder">
            <Finder shown={shown.length} all={all} />
            <PickedBar shown={shown} />
          </div>
          {shown.length > 0 || all === 0 ? <FrameTable shown={shown} selected={selected} picking={picking} /> : <NoneShown />}
          {all === 0 && <p className="waiting quiet">{texts.table.waiting}</p>}
        </div>
        <Inspector head={head} row={selected} shown={shown} />
      </div>
    </main>
  );
}

/** A group that is shown alone and is no more (frames went, or were grouped anew) must not leave the list empty. */
function useGroupThatIsThere(head: NightHead): void {
  const group = useStore(viewStore, (state) => state.group);
  const gone = group !== null && !head.groups.some(({ id }) => id === group);
  useEffect(() => {
    if (gone) viewStore.setState({ group: null });
  }, [gone]);
}

function NoneShown() {
  return (
    <div className="none-shown">
      <p>
        <strong>{texts.table.none}</strong>
      </p>
      <p className="quiet">{texts.table.noneLead}</p>
    </div>
  );
}
