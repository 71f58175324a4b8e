import { Icon } from "../../components/Icon.tsx";
import { runCommand } from "../../stores/commands.ts";
import { texts } from "../../texts/index.ts";

/** How much is too much, beside what came of it. */
export function RulesButton() {
  return (
    <button type="button" className="button rules-button" onClick={() => runCommand("night.rules")}>
      <Icon name="limits" size={14} />
      {texts.nightPane.rules.title}
    </button>
  );
}
