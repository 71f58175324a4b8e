import type { ReactNode } from "react";
import { Icon } from "../../components/Icon.tsx";
import type { SettingsSection } from "../../stores/settings-section.ts";
import { texts } from "../../texts/index.ts";

interface SectionParts {
  section: SettingsSection;
  lead?: string;
  /** Brings everything in the section back to how it came; null while it is. */
  onReset?: (() => void) | null;
  children: ReactNode;
}

export function Section({ section, lead, onReset, children }: SectionParts) {
  return (
    <>
      <header className="section-head">
        <div>
          <h1>{texts.settings.sections[section]}</h1>
          {lead !== undefined && <p className="quiet">{lead}</p>}
        </div>
        {onReset !== undefined && (
          <button type="button" className="button" disabled={onReset === null} onClick={() => onReset?.()}>
            <Icon name="back" size={14} />
            {section === "keys" ? texts.settings.keys.all : texts.settings.usual}
          </button>
        )}
      </header>
      {children}
    </>
  );
}
