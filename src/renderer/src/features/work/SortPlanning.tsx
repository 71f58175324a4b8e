import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { NightHead, SortPlanView } from "../../../../shared/contract.ts";
import { askToUndo, chooseSortFolder, lookAhead, nightKey, type SortWish, startSort, stopLooking } from "../../stores/actions/sort.ts";
import { settingsStore } from "../../stores/settings.ts";
import { sortingStore } from "../../stores/sorting.ts";
import { workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";
import { MoveList } from "./MoveList.tsx";
import { PlanNotes } from "./PlanNotes.tsx";
import { PlanPicture } from "./PlanPicture.tsx";
import { PlanTrouble } from "./PlanTrouble.tsx";
import { minutesOf } from "./plan-minutes.ts";
import { SortWishForm } from "./SortWishForm.tsx";
import { isJudged, sortObstacle } from "./sort-obstacle.ts";

const words = texts.work.sort;

/** What the user wants, and at once what it would do. Enter starts it. */
export function SortPlanning({ head, onClose }: { head: NightHead; onClose: () => void }) {
  const wish = useSortWish(head);
  const judged = isJudged(head.state);
  const { plan, looking, trouble } = useStore(sortingStore);
  const busy = useStore(workStore, (state) => state.running !== null);
  const start = useRef<HTMLButtonElement>(null);
  const { output, action, keepFolders } = wish;
  const complete = useMemo(() => (output === null ? null : { output, action, keepFolders }), [output, action, keepFolders]);
  useEffect(() => {
    if (complete === null || !judged) return undefined;
    void lookAhead(complete);
    return stopLooking;
  }, [complete, judged]);

  const obstacle = sortObstacle({ state: head.state, output, plan, looking, trouble: trouble !== null, busy });
  const choose = async () => {
    await chooseSortFolder();
    start.current?.focus();
  };
  return (
    <form
      className="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && complete !== null) void startSort(complete);
        else if (obstacle === "nothing") onClose();
      }}
    >
      <div className="work-body sort-body">
        <SortWishForm title={head.title} output={output} action={action} keepFolders={keepFolders} onChoose={() => void choose()} />
        <section className="foresight" aria-labelledby="foresight-label" aria-busy={looking}>
          <h3 id="foresight-label">{words.what}</h3>
          {trouble !== null && <PlanTrouble trouble={trouble} output={output} onChoose={() => void choose()} />}
          {plan === null || complete === null ? (
            <PlanPicture {...expected(head)} />
          ) : (
            <Foresight head={head} plan={plan} wish={complete} onTakeBack={() => head.sorted !== null && askToUndo(head.sorted)} />
          )}
        </section>
      </div>
      <footer className="work-foot">
        <p className="work-foot-space quiet" role="status">
          {obstacle === null ? words.untouched : words.obstacles[obstacle]}
        </p>
        {obstacle !== "nothing" && (
          <button type="button" className="button button-tall" onClick={onClose}>
            {texts.work.cancel}
          </button>
        )}
        <button
          ref={start}
          type="submit"
          className="button button-main"
          aria-disabled={obstacle !== null && obstacle !== "nothing"}
          data-first={output === null ? undefined : true}
        >
          {obstacle === "nothing"
            ? texts.work.close
            : plan === null || plan.total === 0
              ? words.startNone
              : words.start(action, plan.total)}
        </button>
      </footer>
    </form>
  );
}

/** The folder chosen in this window, else the one of the sort before; the rest is a setting. */
function useSortWish(head: NightHead): { output: string | null } & Pick<SortWish, "action" | "keepFolders"> {
  const chosen = useStore(sortingStore, (state) => state.outputs[nightKey() ?? ""]);
  const action = useStore(settingsStore, (settings) => settings.sortAction);
  const keepFolders = useStore(settingsStore, (settings) => settings.sortKeepFolders);
  return { output: chosen ?? head.sorted?.output ?? null, action, keepFolders };
}

/** Before a folder is chosen the night's own numbers say how much goes where. */
function expected({ summary }: NightHead) {
  return {
    clean: summary?.clean ?? 0,
    contaminated: summary?.contaminated ?? 0,
    review: summary?.review ?? 0,
    staying: summary === null ? null : summary.notLight + summary.unreadable,
    minutes: summary?.minutes ?? {},
    bytes: null,
  };
}

function Foresight({ head, plan, wish, onTakeBack }: { head: NightHead; plan: SortPlanView; wish: SortWish; onTakeBack: () => void }) {
  const [every, setEvery] = useState(false);
  const moved = head.sorted?.action === "move" && plan.total === 0 && plan.missing.length > 0 ? head.sorted : null;
  if (moved !== null) {
    return (
      <div className="plan-moved">
        <p>{words.movedAlready(moved.output)}</p>
        <button type="button" className="button" onClick={onTakeBack}>
          {texts.work.outcome.takeBack}
        </button>
      </div>
    );
  }
  return (
    <>
      <PlanPicture {...plan} minutes={minutesOf(plan, head.summary)} />
      {!every && <PlanNotes plan={plan} />}
      {plan.total > 0 && (
        <button type="button" className="button button-small plan-every" aria-expanded={every} onClick={() => setEvery(!every)}>
          {every ? words.fewer : words.every}
        </button>
      )}
      {every && <MoveList wish={wish} total={plan.total} />}
    </>
  );
}
