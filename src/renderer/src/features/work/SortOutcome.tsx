import { useStore } from "zustand";
import type { SortOutcomeView } from "../../../../shared/contract.ts";
import { ERROR_CATALOGUE } from "../../../../shared/errors.ts";
import { Icon } from "../../components/Icon.tsx";
import { revealPlace } from "../../stores/actions/reveal.ts";
import { finishSort, openSort, undoSort } from "../../stores/actions/sort.ts";
import { nightStore } from "../../stores/night.ts";
import type { SortStage } from "../../stores/sorting.ts";
import { texts } from "../../texts/index.ts";
import { PlanPicture } from "./PlanPicture.tsx";
import { minutesOf } from "./plan-minutes.ts";
import { TroubleNote } from "./TroubleNote.tsx";

const words = texts.work.outcome;

interface Parts<Name extends SortStage["name"]> {
  stage: Extract<SortStage, { name: Name }>;
  onClose: () => void;
}

/** What lies where now, what could not be sorted and why, and the way back. */
export function SortDone({ stage: { by, action, outcome, plan }, onClose }: Parts<"done">) {
  const { session, output } = outcome;
  const summary = useStore(nightStore, ({ head }) => head?.summary ?? null);
  return (
    <div className="work-form">
      <div className="work-body">
        <p className="work-headline">
          <span className={outcome.failures === 0 ? "verdict-clean" : "verdict-review"}>
            <Icon name={outcome.failures === 0 ? "clean" : "review"} size={20} />
          </span>
          <strong>{words.headline(by, action, outcome)}</strong>
        </p>
        {outcome.what === "sorted" && (
          <>
            <p className="work-where">
              {words.where} <span className="path">{output}</span>
            </p>
            {plan !== null && outcome.failures === 0 && <PlanPicture {...plan} minutes={minutesOf(plan, summary)} />}
          </>
        )}
        {outcome.failures > 0 && <Failures outcome={outcome} />}
      </div>
      <footer className="work-foot">
        {outcome.what === "sorted" && session !== null && (
          <button type="button" className="button button-tall" onClick={() => void undoSort({ session, output, action })}>
            <Icon name="back" />
            {words.takeBack}
          </button>
        )}
        <span className="work-foot-space" />
        {outcome.what !== "undone" && (
          <button type="button" className="button button-tall" onClick={() => void revealPlace(output)}>
            <Icon name="folder" />
            {texts.work.show}
          </button>
        )}
        <button type="button" className="button button-main" onClick={onClose} data-first>
          {texts.work.close}
        </button>
      </footer>
    </div>
  );
}

/** Files that were left as they are, each with its reason. */
function Failures({ outcome }: { outcome: SortOutcomeView }) {
  return (
    <section className="failures">
      <h3>{outcome.what === "undone" ? words.keptBack(outcome.failures) : words.failures(outcome.failures)}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <ul tabIndex={0} aria-label={words.failures(outcome.failures)}>
        {outcome.failed.map(({ path, code }) => (
          <li key={path}>
            <span className="path">{path}</span>
            <span className="quiet">
              {ERROR_CATALOGUE[code].cause} {texts.work.advice[code] ?? ERROR_CATALOGUE[code].action}
            </span>
          </li>
        ))}
        {outcome.failures > outcome.failed.length && <li className="quiet">{words.more(outcome.failures - outcome.failed.length)}</li>}
      </ul>
    </section>
  );
}

/** Called off, or broken off by a fault: what remains, and that nothing is lost. */
export function SortEnded({ stage: { why, unfinished }, onClose }: Parts<"ended">) {
  const stopped = why.code === "cancelled";
  const count = unfinished?.doing === "undoing" ? words.undoStoppedAt : words.stoppedAt;
  return (
    <div className="work-form">
      <div className="work-body work-words">
        {stopped ? (
          <p className="work-headline">
            <Icon name="stop" size={20} />
            <strong>{unfinished === null ? words.stoppedEarly : words.stopped}</strong>
          </p>
        ) : (
          <TroubleNote trouble={why} />
        )}
        {unfinished !== null && (
          <>
            <p>{count(unfinished.done, unfinished.total)}</p>
            <p className="quiet path">{unfinished.output}</p>
          </>
        )}
      </div>
      <footer className="work-foot">
        {unfinished?.doing === "sorting" && (
          <button type="button" className="button button-tall" onClick={() => void undoSort(unfinished)}>
            <Icon name="back" />
            {words.takeBack}
          </button>
        )}
        <span className="work-foot-space" />
        <button type="button" className="button button-tall" onClick={onClose}>
          {words.later}
        </button>
        {unfinished === null ? (
          <button type="button" className="button button-main" onClick={openSort} data-first>
            {texts.work.back}
          </button>
        ) : (
          <button type="button" className="button button-main" onClick={() => void finishSort(unfinished)} data-first>
            {texts.work.unfinished.finish}
          </button>
        )}
      </footer>
    </div>
  );
}
