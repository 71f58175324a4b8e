import { type KeyboardEvent, useRef, useState } from "react";
import type { RecentNight } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { Shortened } from "../../components/Shortened.tsx";
import { dayText } from "../../dates.ts";
import { integration } from "../../quantities.ts";
import { openRecent } from "../../stores/actions/night.ts";
import { forgetRecent } from "../../stores/actions/recents.ts";
import { refreshInfo } from "../../stores/connect.ts";
import { infoStore } from "../../stores/info.ts";
import { toast } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";

const words = texts.start.recent;

/** Opens it; of a night whose drive was away the disk is asked once more first. */
async function open(night: RecentNight): Promise<void> {
  if (!night.present) {
    await refreshInfo();
    const now = infoStore.getState().info?.recent.find(({ id }) => id === night.id);
    if (now?.present !== true) return toast(words.stillAway(night.title));
  }
  await openRecent(night.id);
}

async function forget(night: RecentNight): Promise<void> {
  if (await forgetRecent(night.id)) toast(words.forgotten(night.title));
}

/** Nights before, the last one first: one stop for the Tab key, arrows within. */
export function RecentNights({ nights }: { nights: readonly RecentNight[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const current = Math.min(at, nights.length - 1);

  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(index, nights.length - 1));
    setAt(next);
    list.current?.querySelectorAll<HTMLElement>(".recent-open")[next]?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: nights.length - 1 };
    const target = steps[event.key];
    const night = nights[current];
    if (target !== undefined) goTo(target);
    else if (event.key === "Delete" && night !== undefined) void forget(night).then(() => goTo(current));
    else return;
    event.preventDefault();
  };

  return (
    <section className="recent" aria-labelledby="recent-label">
      <div className="recent-head">
        <h2 id="recent-label" className="start-label">
          {words.label}
        </h2>
        <p className="quiet small">{words.keys}</p>
      </div>
      <ul ref={list} className="recent-list" onKeyDown={move}>
        {nights.map((night, index) => (
          <RecentLine
            key={night.id}
            night={night}
            stop={index === current}
            onFocus={() => setAt(index)}
            onForget={() => void forget(night)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineParts {
  night: RecentNight;
  /** Whether the Tab key stops here. */
  stop: boolean;
  onFocus: () => void;
  onForget: () => void;
}

function RecentLine({ night, stop, onFocus, onForget }: LineParts) {
  const tabIndex = stop ? 0 : -1;
  return (
    <li className={night.present ? "recent-line" : "recent-line recent-away"} onFocus={onFocus}>
      <button type="button" className="recent-open" tabIndex={tabIndex} onClick={() => void open(night)}>
        <span className="recent-title">{night.title}</span>
        <span className="recent-day quiet">{words.opened(dayText(night.opened, Date.now()))}</span>
        <span className="recent-path quiet small">
          <Shortened text={night.paths.join(", ")} keep={24} />
        </span>
        <span className="recent-facts small">
          {!night.present && (
            <span className="recent-gone">
              <Icon name="drive" size={14} />
              {words.away}
            </span>
          )}
          <span>{words.frames(night.frames)}</span>
          {night.minutes > 0 && <span>{words.kept(integration(night.minutes))}</span>}
          {night.review > 0 ? (
            <span className="verdict-review recent-doubt">
              <Icon name="review" size={13} />
              {words.inDoubt(night.review)}
            </span>
          ) : (
            <span className="quiet">{words.noDoubt}</span>
          )}
        </span>
      </button>
      <button
        type="button"
        className="button button-bare recent-forget"
        tabIndex={tabIndex}
        aria-label={words.forget(night.title)}
        onClick={onForget}
      >
        <Icon name="cross" size={14} />
      </button>
    </li>
  );
}
