import type { VerdictKind } from "../../../shared/domain.ts";
import { texts } from "../texts/index.ts";
import { Icon } from "./Icon.tsx";

/** Icon, word and colour: any two of them suffice. */
export function VerdictBadge({ kind }: { kind: VerdictKind }) {
  return (
    <span className={`verdict verdict-${kind}`}>
      <Icon name={kind} size={14} />
      <span>{texts.verdicts[kind].one}</span>
    </span>
  );
}
