import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import { filterOf, timeOf } from "../../frame-facts.ts";
import { clock, fixed, sigmas, whole } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";

interface Number {
  name: string;
  label: string;
  unit: string;
  text: (value: number | null) => string;
}

const words = texts.table.columns;
const NUMBERS: readonly Number[] = [
  { name: "fwhm", label: words.fwhm, unit: texts.table.units.px, text: (value) => fixed(value, 2) },
  { name: "eccentricity", label: words.eccentricity, unit: "", text: (value) => fixed(value, 2) },
  { name: "stars", label: words.stars, unit: "", text: whole },
  { name: "transparency", label: texts.review.info.transparency, unit: "", text: (value) => fixed(value, 2) },
  { name: "weight", label: texts.review.info.weight, unit: "", text: (value) => fixed(value, 2) },
];

/** The numbers that decide most, each with how far it is from the night's. Places are fixed, so that flipping shows what changes. */
export function InfoStrip({ head, row }: { head: NightHead; row: FrameRow | null }) {
  const exposure = row?.frame.metadata?.["exposure"];
  const baseline = head.groups.find(({ id }) => id === row?.frame.group)?.baseline ?? {};
  return (
    <dl className="info-strip" aria-label={texts.review.info.label}>
      <Fact label={words.time} value={clock(row === null ? null : timeOf(row))} />
      <Fact label={words.filter} value={(row === null ? null : filterOf(row)) ?? "–"} />
      <Fact label={words.exposure} value={typeof exposure === "number" ? `${Number(exposure.toPrecision(4))} s` : "–"} />
      {NUMBERS.map(({ name, label, unit, text }) => {
        const value = row?.frame.measurements?.[name] ?? null;
        const usual = baseline[name];
        const off = usual === undefined || value === null || usual.sigma <= 0 ? null : (value - usual.median) / usual.sigma;
        return <Fact key={name} label={label} unit={unit} value={text(value)} off={off === null ? "" : sigmas(off)} />;
      })}
    </dl>
  );
}

function Fact({ label, value, unit = "", off }: { label: string; value: string; unit?: string; off?: string }) {
  return (
    <div className={off === undefined ? "info-fact" : "info-fact info-number"}>
      <dt>
        {label}
        {unit !== "" && <span className="unit">{unit}</span>}
      </dt>
      <dd>
        {value}
        {off !== undefined && <span className="info-off">{off}</span>}
      </dd>
    </div>
  );
}
