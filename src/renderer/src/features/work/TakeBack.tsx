import { Icon } from "../../components/Icon.tsx";
import { undoSort } from "../../stores/actions/sort.ts";
import type { DoneSort } from "../../stores/sorting.ts";
import { texts } from "../../texts/index.ts";

const words = texts.work.undo;

/** What taking a sort back does, before it is done. */
export function TakeBack({ sort, onClose }: { sort: DoneSort; onClose: () => void }) {
  return (
    <form
      className="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        void undoSort(sort);
      }}
    >
      <div className="work-body work-words">
        <p>{words.ask[sort.action](sort.files, sort.output)}</p>
        <p className="quiet">{words.safe}</p>
      </div>
      <footer className="work-foot">
        <span className="work-foot-space" />
        <button type="button" className="button button-tall" onClick={onClose}>
          {words.no}
        </button>
        <button type="submit" className="button button-main" data-first>
          <Icon name="back" />
          {words.yes}
        </button>
      </footer>
    </form>
  );
}
