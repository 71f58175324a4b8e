import { useState } from "react";
import type { CommandId } from "../../../../shared/commands.ts";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { DecidedVerdict } from "../../../../shared/domain.ts";
import { Icon } from "../../components/Icon.tsx";
import { decideHere } from "../../stores/actions/review.ts";
import { runCommand } from "../../stores/commands.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import { CauseMenu } from "./CauseMenu.tsx";

const CHOICES: readonly { command: CommandId; verdict: DecidedVerdict; name: string }[] = [
  { command: "review.keep", verdict: "clean", name: texts.review.why.keep },
  { command: "review.reject", verdict: "contaminated", name: texts.review.why.reject },
  { command: "review.doubt", verdict: "review", name: texts.review.why.doubt },
];

/** The three decisions with their keys, always in the same place; the one that holds is pressed. */
export function DecisionKeys({ row }: { row: FrameRow }) {
  const { frame } = row;
  const [choosing, setChoosing] = useState<string | null>(null);
  const able = frame.verdict !== "unreadable" && frame.verdict !== "not-light";
  useCommands({ "review.cause": able ? () => setChoosing(choosing === row.id ? null : row.id) : null });
  const close = () => setChoosing(null);
  return (
    <footer className="decision-keys">
      <div className="decision-row">
        {CHOICES.map(({ command, verdict, name }) => (
          <button
            key={command}
            type="button"
            className={`decision verdict-${verdict}`}
            aria-pressed={frame.decided?.verdict === verdict}
            disabled={!able}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => runCommand(command)}
          >
            <Icon name={verdict} size={18} />
            <span className="decision-name">{name}</span>
            <CommandKey id={command} />
          </button>
        ))}
      </div>
      <div className="decision-row">
        <button
          type="button"
          className="button button-small"
          disabled={!frame.decided}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => runCommand("review.clear")}
        >
          {texts.review.why.clear}
          <CommandKey id="review.clear" />
        </button>
        <button
          type="button"
          className="button button-small"
          aria-haspopup="menu"
          aria-expanded={choosing === row.id}
          data-tip={texts.review.why.cause}
          disabled={!able}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => runCommand("review.cause")}
        >
          {texts.review.why.causeShort}
          <CommandKey id="review.cause" />
        </button>
      </div>
      {choosing === row.id && (
        <CauseMenu
          frame={frame}
          onClose={close}
          onChoose={(cause) => {
            close();
            void decideHere("contaminated", cause);
          }}
        />
      )}
    </footer>
  );
}
