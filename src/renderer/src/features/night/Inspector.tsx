import { useStore } from "zustand";
import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import { metricNamed } from "../../../../shared/night-metrics.ts";
import { DecisionHistory } from "../../components/DecisionHistory.tsx";
import { Icon } from "../../components/Icon.tsx";
import { measured, percent, sigmas, unbroken } from "../../quantities.ts";
import { reviewFrame } from "../../stores/actions/review.ts";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { useFrameDetail } from "../../use-frame-detail.ts";
import { FrameFacts } from "./FrameFacts.tsx";
import { FramePicture } from "./FramePicture.tsx";
import { decidedWords, FrameVerdict } from "./FrameVerdict.tsx";
import { metricLabel, unitText } from "./metric-words.ts";
import { ReasonList } from "./ReasonList.tsx";
import "./inspector.css";

/** Everything about one frame: picture, verdict, why, numbers beside the night's, and what its file says. */
export function Inspector({ head, row, shown }: { head: NightHead; row: FrameRow | null; shown: readonly FrameRow[] }) {
  if (row === null) {
    return (
      <aside className="inspector" aria-label={texts.frame.label}>
        <p className="inspector-none quiet">{texts.frame.none}</p>
      </aside>
    );
  }
  const { frame } = row;
  return (
    <aside className="inspector" aria-label={texts.frame.label}>
      <div className="surround">
        <FramePicture key={row.id} row={row} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className="inspector-words" tabIndex={0} aria-label={row.name}>
        <header className="inspector-head">
          <h2>{row.name}</h2>
          <div className="inspector-ways">
            <MarksSwitch />
            <button
              type="button"
              className="button button-small"
              aria-label={texts.nightPane.review}
              data-tip={texts.nightPane.review}
              onClick={() =>
                reviewFrame(
                  row.id,
                  shown.map(({ id }) => id),
                )
              }
            >
              <Icon name="enlarge" size={14} />
            </button>
          </div>
        </header>
        <p className="verdict-line">
          <FrameVerdict frame={frame} />
          {frame.decided == null && frame.probability !== null && (
            <span className="quiet">{texts.frame.probability(percent(frame.probability))}</span>
          )}
        </p>
        {frame.decided != null && <Decision row={row} />}
        <ReasonList frame={frame} />
        <Measured head={head} row={row} />
        <FrameFacts row={row} />
        <Decisions row={row} />
      </section>
    </aside>
  );
}

/** The user's word beside the program's: whoever overruled it sees what it said, and why. */
function Decision({ row }: { row: FrameRow }) {
  const { decided, probability } = row.frame;
  if (decided == null) return null;
  const likely = probability === null ? "" : ` · ${unbroken(texts.frame.probability(percent(probability)))}`;
  return (
    <p className="decided-line small">
      {decidedWords(row.frame)}
      <span className="quiet">{` · ${texts.nightPane.decidedAt(localMoment(decided.when))}${likely}`}</span>
    </p>
  );
}

/** Last, so that nothing above moves when it comes. */
function Decisions({ row }: { row: FrameRow }) {
  const history = useFrameDetail(row)?.detail?.history ?? [];
  return history.length === 0 ? null : <DecisionHistory history={history} />;
}

/** When somebody decided is told by the clock on their wall. */
function localMoment(when: number): string {
  return new Date(when).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

function MarksSwitch() {
  const overlays = useStore(settingsStore, (settings) => settings.overlays);
  const marks = overlays.cells && overlays.trails;
  return (
    <button
      type="button"
      className="button button-small"
      aria-pressed={marks}
      aria-label={texts.frame.marksShow}
      data-tip={texts.frame.marksShow}
      onClick={() => void changeSettings({ overlays: { ...overlays, cells: !marks, trails: !marks } })}
    >
      <Icon name="marks" size={14} />
    </button>
  );
}

/** The few that decide most; the report has them all. */
const SHOWN = ["fwhm", "hfr", "eccentricity", "stars", "transparency", "background", "noise", "weight", "trails"];

function Measured({ head, row }: { head: NightHead; row: FrameRow }) {
  const { measurements, group, basis, comparedWith } = row.frame;
  if (measurements === null) return null;
  const baseline = head.groups.find(({ id }) => id === group)?.baseline ?? {};
  return (
    <section className="measured">
      <h3>{texts.frame.measured}</h3>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{texts.frame.value}</th>
            <th scope="col">{texts.frame.night}</th>
            <th scope="col">{texts.frame.off}</th>
          </tr>
        </thead>
        <tbody>
          {SHOWN.filter((name) => measurements[name] !== undefined).map((name) => {
            const value = measurements[name] ?? null;
            const usual = baseline[name];
            const off = usual === undefined || value === null || usual.sigma <= 0 ? null : (value - usual.median) / usual.sigma;
            return (
              <tr key={name}>
                <th scope="row">
                  {metricLabel(name)}
                  <span className="unit">{unitText(metricNamed(name)?.unit ?? "")}</span>
                </th>
                <td>{measured(value)}</td>
                <td>{measured(usual?.median)}</td>
                <td>{sigmas(off)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="quiet small">{basis === "session" ? texts.frame.comparedWith(comparedWith) : texts.frame.absolute}</p>
    </section>
  );
}
