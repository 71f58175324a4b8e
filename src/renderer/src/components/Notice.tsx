import type { ErrorEnvelope } from "../../../shared/errors.ts";
import { texts } from "../texts/index.ts";
import { Icon } from "./Icon.tsx";

/** What went wrong, why, and the one next action; stays until dismissed. */
export function Notice({ trouble, onDismiss }: { trouble: ErrorEnvelope; onDismiss: () => void }) {
  return (
    <div className="notice" role="alert">
      <Icon name="unreadable" />
      <div className="notice-words">
        <strong>{texts.error.title}</strong>
        <p>{trouble.message}</p>
        <p className="quiet">{trouble.action}</p>
      </div>
      <button type="button" className="button button-bare" onClick={onDismiss} aria-label={texts.app.close}>
        <Icon name="cross" />
      </button>
    </div>
  );
}
