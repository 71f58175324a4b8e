import type { ReactNode } from "react";
import type { SortPlanView } from "../../../../shared/contract.ts";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { showPane } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { byteSize } from "./byte-size.ts";

const words = texts.work.sort;

/** What else to know before a sort: room, what goes along, what is missing, what is still in doubt. */
export function PlanNotes({ plan }: { plan: SortPlanView }) {
  const lacking = plan.bytesNeeded - plan.bytesFree;
  return (
    <ul className="plan-notes">
      {plan.missing.length > 0 && (
        <Note icon="unreadable" urgent>
          {words.missing(plan.missing.length)} {words.missingAction}
          <ul className="plan-missing">
            {plan.missing.slice(0, 3).map(({ path }) => (
              <li key={path} className="path">
                {path}
              </li>
            ))}
            {plan.missing.length > 3 && <li>{texts.work.outcome.more(plan.missing.length - 3)}</li>}
          </ul>
        </Note>
      )}
      {plan.review > 0 && (
        <Note icon="review">
          {words.doubt(plan.review)}
          <button type="button" className="button button-small" onClick={() => showPane("review")}>
            {words.reviewFirst}
          </button>
        </Note>
      )}
      {plan.total > 0 && (
        <Note icon="drive" urgent={lacking > 0}>
          {plan.bytesNeeded === 0 ? words.noRoom : words.room(byteSize(plan.bytesNeeded), byteSize(plan.bytesFree))}
          {plan.bytesNeeded > 0 && <Room needed={plan.bytesNeeded} free={plan.bytesFree} />}
          {lacking > 0 && <strong>{words.tooSmall(byteSize(lacking))}</strong>}
        </Note>
      )}
      {plan.newFolders.length > 0 && <Note icon="folder">{words.folders(plan.newFolders)}</Note>}
      {plan.sidecars > 0 && <Note icon="files">{words.sidecars(plan.sidecars)}</Note>}
      {plan.settled > 0 && <Note icon="clean">{words.settled(plan.settled)}</Note>}
    </ul>
  );
}

function Note({ icon, urgent, children }: { icon: IconName; urgent?: boolean; children: ReactNode }) {
  return (
    <li className={urgent ? "plan-note plan-note-urgent" : "plan-note"}>
      <Icon name={icon} size={14} />
      <div>{children}</div>
    </li>
  );
}

/** How much of the free room the sort takes. */
function Room({ needed, free }: { needed: number; free: number }) {
  const share = free === 0 ? 1 : Math.min(1, needed / free);
  return (
    <span className="room" aria-hidden="true">
      <span className="room-fill" style={{ width: `${share * 100}%` }} />
    </span>
  );
}
