import { Icon } from "../../components/Icon.tsx";
import { integration, whole } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";
import { byteSize } from "./byte-size.ts";

type SortedKind = "clean" | "contaminated" | "review";

interface PictureParts extends Record<SortedKind, number> {
  /** Files that stay; null where that is not told. */
  staying: number | null;
  /** Integration time by folder, in minutes; left out where it is not that of these frames. */
  minutes: Partial<Record<SortedKind, number>>;
  /** Null before anybody has looked at the files. */
  bytes: Record<SortedKind, number> | null;
}

const KINDS = ["clean", "contaminated", "review"] as const;
const words = texts.work.sort;

/** The night poured into its folders: how much of it goes where. Each folder's bar has its own hatch, so that colour is not needed. */
export function PlanPicture(parts: PictureParts) {
  const all = Math.max(1, ...KINDS.map((kind) => parts[kind]));
  return (
    <table className="pour">
      <thead>
        <tr>
          <th scope="col" colSpan={2}>
            {words.columns.folder}
          </th>
          <th scope="col" className="pour-number">
            {words.columns.frames}
          </th>
          <th scope="col" className="pour-number">
            {words.columns.time}
          </th>
          <th scope="col" className="pour-number">
            {words.columns.size}
          </th>
        </tr>
      </thead>
      <tbody>
        {KINDS.map((kind) => (
          <tr key={kind} className={`pour-${kind}`}>
            <th scope="row" className={`verdict-${kind}`}>
              <span className="pour-name">
                <Icon name={kind} />
                {words.into(kind)}
              </span>
            </th>
            <td className={`pour-lane verdict-${kind}`}>
              {parts[kind] > 0 && <span className="pour-bar" style={{ width: `${(parts[kind] / all) * 100}%` }} />}
            </td>
            <td className="pour-number pour-frames">{whole(parts[kind])}</td>
            <td className="pour-number quiet">{timeText(parts[kind], parts.minutes[kind])}</td>
            <td className="pour-number quiet">{parts.bytes === null || parts[kind] === 0 ? "" : byteSize(parts.bytes[kind])}</td>
          </tr>
        ))}
      </tbody>
      {parts.staying !== null && parts.staying > 0 && (
        <tfoot>
          <tr className="quiet">
            <th scope="row" colSpan={2}>
              <span className="pour-name">
                <Icon name="not-light" />
                {words.stays}
                <span className="pour-aside">{words.staysWhat}</span>
              </span>
            </th>
            <td className="pour-number pour-frames">{whole(parts.staying)}</td>
            <td />
            <td />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function timeText(frames: number, minutes: number | undefined): string {
  return minutes === undefined || frames === 0 ? "" : integration(minutes);
}
