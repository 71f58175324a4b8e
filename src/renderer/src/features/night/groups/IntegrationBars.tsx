import { useMemo } from "react";
import { useStore } from "zustand";
import { integration } from "../../../quantities.ts";
import { nightStore } from "../../../stores/night.ts";
import { texts } from "../../../texts/index.ts";
import { type FilterTime, integrationByFilter, totalMinutes } from "./integration.ts";
import "./groups.css";

const words = texts.nightPane.integration;

/** Where the night's exposure time went: one bar per filter, all on the same scale, with what was lost by cause. */
export function IntegrationBars() {
  const rows = useStore(nightStore, (state) => state.rows);
  const filters = useMemo(() => integrationByFilter(rows).filter((time) => totalMinutes(time) > 0), [rows]);
  const longest = Math.max(...filters.map(totalMinutes));
  if (filters.length === 0) return null;
  return (
    <section className="integration" aria-label={words.label}>
      <ul>
        {filters.map((time) => (
          <FilterBar key={time.filter} time={time} longest={longest} />
        ))}
      </ul>
    </section>
  );
}

function FilterBar({ time, longest }: { time: FilterTime; longest: number }) {
  const { filter, kept, review, lost, causes } = time;
  const total = totalMinutes(time);
  const name = filter ?? texts.nightPane.noFilter;
  return (
    <li className="filter-time">
      <span className="filter-name">{name}</span>
      <strong className="filter-kept">{integration(kept.minutes)}</strong>
      <span className="filter-total quiet">{words.of(words.kept, integration(total))}</span>
      <span className="filter-bar" aria-hidden="true" style={{ "--share": `${(100 * total) / longest}%` } as Record<string, string>}>
        <Part kind="kept" minutes={kept.minutes} title={`${integration(kept.minutes)} ${words.kept}`} />
        <Part kind="doubt" minutes={review.minutes} title={`${integration(review.minutes)} ${words.doubt}`} />
        {causes.map(({ cause, minutes }) => (
          <Part key={cause} kind="lost" minutes={minutes} title={`${integration(minutes)} ${words.lost}: ${causeName(cause)}`} />
        ))}
      </span>
      <span className="filter-losses quiet">
        {review.minutes > 0 && <span>{`${integration(review.minutes)} ${words.doubt}`}</span>}
        {lost.minutes > 0 && (
          <span>
            {`${words.lost}: `}
            {causes.map(({ cause, minutes }) => `${causeName(cause)} ${integration(minutes)}`).join(", ")}
          </span>
        )}
      </span>
    </li>
  );
}

function Part({ kind, minutes, title }: { kind: "kept" | "doubt" | "lost"; minutes: number; title: string }) {
  return minutes > 0 ? <span className={`part part-${kind}`} style={{ flexGrow: minutes }} data-tip={title} /> : null;
}

function causeName(cause: FilterTime["causes"][number]["cause"]): string {
  return cause === null ? words.noCause : texts.reasons[cause].name.toLowerCase();
}
