import type { ReactNode } from "react";
import type { FrameRow } from "../../../../shared/contract.ts";
import { Shortened } from "../../components/Shortened.tsx";
import { exposureOf, filterOf, timeOf } from "../../frame-facts.ts";
import { clock, fixed, moment, whole } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";
import { FrameVerdict } from "./FrameVerdict.tsx";
import { ReasonNames } from "./ReasonNames.tsx";

export interface Column {
  id: string;
  head: string;
  unit?: string;
  numeric?: boolean;
  /** Most people want the worst on top when they sort by this. */
  worstIsHigh?: boolean;
  cell: (row: FrameRow) => ReactNode;
}

const heads = texts.table.columns;
const units = texts.table.units;

const measurement = (row: FrameRow, name: string) => row.frame.measurements?.[name] ?? null;

export const COLUMNS: readonly Column[] = [
  { id: "time", head: heads.time, cell: (row) => <Clock time={timeOf(row)} /> },
  { id: "verdict", head: heads.verdict, cell: (row) => <FrameVerdict frame={row.frame} /> },
  { id: "name", head: heads.name, cell: (row) => <Shortened text={row.name} keep={12} /> },
  { id: "reasons", head: heads.reasons, cell: (row) => <ReasonNames frame={row.frame} /> },
  { id: "filter", head: heads.filter, cell: (row) => filterOf(row) ?? "" },
  { id: "exposure", head: heads.exposure, unit: units.exposure, numeric: true, cell: (row) => seconds(exposureOf(row)) },
  { id: "fwhm", head: heads.fwhm, unit: units.px, numeric: true, worstIsHigh: true, cell: (row) => fixed(measurement(row, "fwhm"), 2) },
  { id: "hfr", head: heads.hfr, unit: units.px, numeric: true, worstIsHigh: true, cell: (row) => fixed(measurement(row, "hfr"), 2) },
  {
    id: "eccentricity",
    head: heads.eccentricity,
    numeric: true,
    worstIsHigh: true,
    cell: (row) => fixed(measurement(row, "eccentricity"), 2),
  },
  { id: "stars", head: heads.stars, numeric: true, cell: (row) => whole(measurement(row, "stars")) },
  {
    id: "background",
    head: heads.background,
    unit: units.background,
    numeric: true,
    worstIsHigh: true,
    cell: (row) => sky(measurement(row, "background")),
  },
];

/** Sky in ADU; frames whose data run from 0 to 1 keep their digits. */
function sky(level: number | null): string {
  return level !== null && Math.abs(level) < 10 ? fixed(level, 4) : whole(level);
}

function seconds(exposure: number | null): string {
  return exposure === null ? "" : String(Number(exposure.toPrecision(3)));
}

/** Several nights may lie in one table: which one it is, the pointer tells. */
function Clock({ time }: { time: number | null }) {
  return <span data-tip={time === null ? undefined : `${moment(time)} UTC`}>{clock(time)}</span>;
}
