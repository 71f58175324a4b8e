import { useState } from "react";
import type { ErrorEnvelope } from "../../../shared/errors.ts";
import { texts } from "../texts/index.ts";
import { Icon } from "./Icon.tsx";

/** What went wrong, why, and the one next action; stays until dismissed. */
export function Notice({ trouble, onDismiss }: { trouble: ErrorEnvelope; onDismiss: () => void }) {
  const [copied, setCopied] = useState<ErrorEnvelope | null>(null);
  const copy = () => {
    copyText(detailsText(trouble));
    setCopied(trouble);
  };
  return (
    <div className="notice" role="alert">
      <Icon name="unreadable" />
      <div className="notice-words">
        <strong>{texts.error.title}</strong>
        <p>{trouble.message}</p>
        <p className="quiet">{trouble.action}</p>
      </div>
      <button type="button" className="button button-small" onClick={copy}>
        {copied === trouble ? texts.error.copied : texts.error.copy}
      </button>
      <button type="button" className="button button-bare" onClick={onDismiss} aria-label={texts.app.close}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

/** The whole of an error as text, for a forum or a bug report. */
function detailsText({ code, message, action, detail }: ErrorEnvelope): string {
  return [`Nebulift: ${message}`, action, `(${code}${detail === "" ? "" : `: ${detail}`})`].join("\n");
}

/** By the page's own copy command, because the clipboard proper needs a permission and the window has none. */
function copyText(text: string): void {
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put);
}
