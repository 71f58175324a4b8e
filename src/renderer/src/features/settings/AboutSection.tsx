import { useStore } from "zustand";
import { Icon, Mark } from "../../components/Icon.tsx";
import { infoStore } from "../../stores/info.ts";
import { texts } from "../../texts/index.ts";
import { Section } from "./Section.tsx";

const words = texts.settings.about;

export function AboutSection() {
  const info = useStore(infoStore, (state) => state.info);
  const troubles = info?.troubles.toReversed() ?? [];
  return (
    <Section section="about">
      <div className="about-head">
        <Mark size={56} />
        <div>
          <h2>{texts.app.name}</h2>
          <p>{words.what}</p>
        </div>
      </div>
      <dl className="about-facts">
        <dt>{words.version}</dt>
        <dd>{info?.version ?? texts.settings.privacy.unknown}</dd>
        <dt>{words.licence}</dt>
        <dd>{words.licenceName}</dd>
        <dt>{words.troubles}</dt>
        <dd>{troubles.length === 0 ? words.noTroubles : words.troubleCount(troubles.length)}</dd>
      </dl>
      {troubles.length > 0 && (
        <ol className="troubles">
          {troubles.map((trouble, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may go amiss twice, and none goes away
            <li key={troubles.length - index}>
              <Icon name="unreadable" />
              <div>
                <p className="setting-name">{trouble.message}</p>
                <p>{trouble.action}</p>
                <p className="quiet small">
                  {trouble.code}: {trouble.detail}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
