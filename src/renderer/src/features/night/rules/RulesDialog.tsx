import { useEffect } from "react";
import { useStore } from "zustand";
import { Dialog } from "../../../components/Dialog.tsx";
import { Icon } from "../../../components/Icon.tsx";
import { loadRules, refreshRules, saveRules } from "../../../stores/actions/rules.ts";
import { rulesStore } from "../../../stores/rules.ts";
import { viewStore } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import { JudgingChoices } from "./JudgingChoices.tsx";
import { LimitList } from "./LimitList.tsx";
import { RuleList } from "./RuleList.tsx";
import { useKeptRules } from "./use-kept-rules.ts";
import "./rules.css";

const words = texts.nightPane.rules;

/** How much is too much, and what the user says of it; each change holds at once and can be taken back. */
export function RulesDialog() {
  const rules = useStore(rulesStore, (state) => state.rules);
  const { last, keep, loaded, saved } = useKeptRules();
  useEffect(() => void refreshRules(), []);
  const close = () => viewStore.setState({ dialog: null });
  return (
    <Dialog
      title={words.title}
      close={texts.app.close}
      className="rules-dialog"
      part={rules === null ? "waiting" : "rules"}
      onClose={close}
    >
      <p className="rules-lead quiet">{words.lead}</p>
      {rules === null ? (
        <p className="rules-lead">{words.waiting}</p>
      ) : (
        <div className="rules-body">
          <div className="rules-column">
            <LimitList rules={rules} keep={keep} />
          </div>
          <div className="rules-column">
            <RuleList rules={rules} keep={keep} />
            <JudgingChoices rules={rules} keep={keep} />
          </div>
        </div>
      )}
      <footer className="rules-foot">
        <button type="button" className="button" onClick={async () => loaded(await loadRules())}>
          {words.load}
        </button>
        <button
          type="button"
          className="button"
          onClick={async () => {
            const place = await saveRules();
            if (place !== null) saved(place);
          }}
        >
          {words.save}
        </button>
        <p className="rules-last" role="status">
          {last !== null && (
            <>
              <span>{last.words}</span>
              <button type="button" className="button button-small" onClick={last.run}>
                <Icon name={last.icon} size={12} />
                {last.way}
              </button>
            </>
          )}
        </p>
        <button type="button" className="button" onClick={close}>
          {words.done}
        </button>
      </footer>
    </Dialog>
  );
}
