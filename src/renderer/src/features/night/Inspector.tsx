import { useStore } from "zustand";
import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import { metricNamed } from "../../../../shared/night-metrics.ts";
import { Icon } from "../../components/Icon.tsx";
import { VerdictBadge } from "../../components/VerdictBadge.tsx";
import { fixed, measured, moment, percent, sigmas } from "../../quantities.ts";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { FramePicture } from "./FramePicture.tsx";
import { metricLabel, unitText } from "./metric-words.ts";
import { ReasonList } from "./ReasonList.tsx";
import "./inspector.css";

/** Everything about one frame: picture, verdict, why, numbers beside the night's, and what its file says. */
export function Inspector({ head, row }: { head: NightHead; row: FrameRow | null }) {
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
          <MarksSwitch />
        </header>
        <p className="verdict-line">
          <VerdictBadge kind={frame.verdict} />
          {frame.probability !== null && <span className="quiet">{texts.frame.probability(percent(frame.probability))}</span>}
        </p>
        <ReasonList frame={frame} />
        <Measured head={head} row={row} />
        <Facts row={row} />
      </section>
    </aside>
  );
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
      onClick={() => void changeSettings({ overlays: { ...overlays, cells: !marks, trails: !marks } })}
    >
      <Icon name="marks" size={14} />
      {texts.frame.marks}
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

function Facts({ row }: { row: FrameRow }) {
  const { metadata, warnings, path } = row.frame;
  const facts: [string, string | null][] = [];
  if (metadata !== null) {
    const text = (name: string) => (typeof metadata[name] === "string" ? metadata[name] : null);
    const number = (name: string, digits: number, unit: string) => {
      const value = metadata[name];
      return typeof value === "number" ? `${fixed(value, digits)}${unit}` : null;
    };
    const names = texts.frame.facts;
    facts.push(
      [names.object, text("object")],
      [names.filter, text("filter")],
      [names.exposure, exposure(metadata["exposure"])],
      [names.gain, number("gain", 0, "")],
      [names.temperature, number("temperature", 1, " °C")],
      [names.altitude, number("altitude", 0, "°")],
      [names.time, typeof metadata["time"] === "number" ? moment(metadata["time"]) : null],
      [names.camera, text("camera")],
      [names.telescope, text("telescope")],
      [names.size, `${metadata.width} × ${metadata.height}${metadata.planes > 1 ? ` × ${metadata.planes}` : ""}`],
      [names.format, texts.formats[metadata.format]],
    );
  }
  facts.push([texts.frame.facts.file, path], ...warnings.map((warning): [string, string] => [texts.frame.warnings, warning.detail]));
  return (
    <section className="facts">
      <h3>{texts.frame.about}</h3>
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={`${name}${value}`}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function exposure(seconds: unknown): string | null {
  return typeof seconds === "number" ? `${Number(seconds.toPrecision(4))} s` : null;
}
