import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import { handOver } from "../../stores/actions/export.ts";
import { type ExportWish, handingOverStore } from "../../stores/handing-over.ts";
import { texts } from "../../texts/index.ts";
import { isJudged } from "./sort-obstacle.ts";
import { TroubleNote } from "./TroubleNote.tsx";

const words = texts.work.export;

const GROUPS: { name: keyof typeof words.groups; kinds: readonly ExportWish["kind"][] }[] = [
  { name: "stack", kinds: ["siril", "pixinsight", "dss", "app"] },
  { name: "weight", kinds: ["weights-copies", "weights-sidecars"] },
  { name: "keep", kinds: ["html", "csv", "json"] },
];

/** Whether a choice is about the approved frames; the others tell of every frame. */
const needsApproved = (kind: ExportWish["kind"]) => kind !== "html" && kind !== "csv" && kind !== "json";

/** One tile for each program: what it gets, and what to do with it there. */
export function ExportChoice({ head, busy, onClose }: { head: NightHead; busy: boolean; onClose: () => void }) {
  const { kind, includeReview, trouble } = useStore(handingOverStore);
  const { clean, review, contaminated } = head.summary ?? { clean: 0, review: 0, contaminated: 0 };
  const approved = clean + (includeReview ? review : 0);
  const obstacle = !isJudged(head.state)
    ? words.grading
    : busy
      ? texts.work.sort.obstacles.busy
      : approved === 0 && needsApproved(kind)
        ? words.none
        : null;
  return (
    <form
      className="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null) void handOver({ kind, includeReview });
      }}
    >
      <div className="work-body">
        {trouble !== null && <TroubleNote trouble={trouble} />}
        <fieldset className="tiles">
          <legend className="for-ears">{words.label}</legend>
          {GROUPS.map(({ name, kinds }) => (
            <div key={name} className="tile-group">
              <h3 className="start-label">{words.groups[name]}</h3>
              <div className="tile-row">
                {kinds.map((each) => (
                  <Tile key={each} kind={each} chosen={each === kind} />
                ))}
              </div>
            </div>
          ))}
        </fieldset>
        <p className="tile-next">
          <strong>{words.next}</strong> {words.kinds[kind].next}
        </p>
      </div>
      <footer className="work-foot">
        <label className="wish-check">
          <input
            type="checkbox"
            checked={includeReview && review > 0}
            disabled={review === 0}
            onChange={(event) => handingOverStore.setState({ includeReview: event.target.checked })}
          />
          {review === 0 ? words.noneInDoubt : words.includeReview(review)}
        </label>
        <p className="work-foot-space quiet" role="status">
          {obstacle ?? words.willBe(approved, clean + review + contaminated)}
        </p>
        <button type="button" className="button button-tall" onClick={onClose}>
          {texts.work.cancel}
        </button>
        <button type="submit" className="button button-main" aria-disabled={obstacle !== null}>
          {words.start}
        </button>
      </footer>
    </form>
  );
}

function Tile({ kind, chosen }: { kind: ExportWish["kind"]; chosen: boolean }) {
  const { name, what } = words.kinds[kind];
  return (
    <label className="tile">
      <input
        type="radio"
        name="export-kind"
        value={kind}
        checked={chosen}
        onChange={() => handingOverStore.setState({ kind })}
        data-first={chosen ? true : undefined}
      />
      <strong>{name}</strong>
      <span className="tile-what">{what}</span>
    </label>
  );
}
