import { useStore } from "zustand";
import type { ErrorEnvelope } from "../../../../shared/errors.ts";
import { infoStore } from "../../stores/info.ts";
import { texts } from "../../texts/index.ts";
import { TroubleNote } from "./TroubleNote.tsx";
import { UnfinishedSortLine } from "./UnfinishedSortLine.tsx";

interface TroubleParts {
  trouble: ErrorEnvelope;
  output: string | null;
  onChoose: () => void;
}

/** Why there is no dry run, with the one thing to do about it. */
export function PlanTrouble({ trouble, output, onChoose }: TroubleParts) {
  const unfinished = useStore(infoStore, (state) => state.info?.unfinishedSorts.find((sort) => sort.output === output));
  return (
    <>
      <TroubleNote trouble={trouble}>
        {unfinished === undefined && (
          <button type="button" className="button" onClick={onChoose}>
            {texts.work.sort.another}
          </button>
        )}
      </TroubleNote>
      {unfinished !== undefined && <UnfinishedSortLine sort={unfinished} />}
    </>
  );
}
