import type { FrameRow } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { fixed, moment } from "../../quantities.ts";
import { revealFrame } from "../../stores/actions/reveal.ts";
import { texts } from "../../texts/index.ts";

/** What the frame's file says of itself, and where it lies. */
export function FrameFacts({ row }: { row: FrameRow }) {
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
      <header className="facts-head">
        <h3>{texts.frame.about}</h3>
        <button type="button" className="button button-small" onClick={() => void revealFrame(row.id)}>
          <Icon name="folder" size={13} />
          {texts.nightPane.reveal}
        </button>
      </header>
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
