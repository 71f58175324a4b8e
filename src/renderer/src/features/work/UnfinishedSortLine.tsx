import type { UnfinishedSort } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { dayAndHour } from "../../dates.ts";
import { finishSort, undoSort } from "../../stores/actions/sort.ts";
import { texts } from "../../texts/index.ts";
import "./bars.css";

const words = texts.work.unfinished;

/** A sort that was broken off, and the two ways on. */
export function UnfinishedSortLine({ sort }: { sort: UnfinishedSort }) {
  return (
    <div className="unfinished">
      <Icon name="review" />
      <p className="unfinished-words">{words.what(sort, dayAndHour(sort.when, Date.now()))}</p>
      <button type="button" className="button" onClick={() => void finishSort(sort)}>
        {words.finish}
      </button>
      {sort.doing === "sorting" && (
        <button type="button" className="button" onClick={() => void undoSort(sort)}>
          {words.takeBack}
        </button>
      )}
    </div>
  );
}
