import { useStore } from "zustand";
import { Icon } from "../../components/Icon.tsx";
import { Shortened } from "../../components/Shortened.tsx";
import { revealPlace } from "../../stores/actions/reveal.ts";
import { infoStore } from "../../stores/info.ts";
import { texts } from "../../texts/index.ts";
import { Line } from "./Choice.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.privacy;

export function PrivacySection() {
  const folders = useStore(infoStore, ({ info }) => info?.folders ?? null);
  return (
    <Section section="privacy">
      <div className="setting-lines">
        <Line name={words.network} what={words.networkWhat} />
        <Line name={words.files} what={words.filesWhat} />
        <Place name={words.data} what={words.dataWhat} path={folders?.data ?? null} />
        <Place name={words.cache} what={words.cacheWhat} path={folders?.cache ?? null} />
      </div>
    </Section>
  );
}

function Place({ name, what, path }: { name: string; what: string; path: string | null }) {
  return (
    <Line
      name={name}
      what={
        <>
          {what}
          <span className="setting-path">{path === null ? words.unknown : <Shortened text={path} keep={28} />}</span>
        </>
      }
    >
      <button
        type="button"
        className="button"
        aria-label={`${words.show}: ${name}`}
        disabled={path === null}
        onClick={() => path !== null && void revealPlace(path)}
      >
        <Icon name="folder" size={14} />
        {words.show}
      </button>
    </Line>
  );
}
