import { useStore } from "zustand";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { toast, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import { Line } from "./Choice.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.help;

export function HelpSection() {
  const seen = useStore(settingsStore, (settings) => settings.hintsSeen.length);
  const again = async () => {
    await changeSettings({ hintsSeen: [] });
    toast(words.hintsShown);
  };
  return (
    <Section section="help">
      <div className="setting-lines">
        <Line name={words.keys} what={words.keysWhat}>
          <CommandKey id="window.keys" />
          <button type="button" className="button" onClick={() => viewStore.setState({ dialog: "keys" })}>
            {words.keysOpen}
          </button>
        </Line>
        <Line name={words.palette} what={words.paletteWhat}>
          <CommandKey id="window.palette" />
          <button type="button" className="button" onClick={() => viewStore.setState({ dialog: "palette" })}>
            {words.paletteOpen}
          </button>
        </Line>
        <Line name={words.hints} what={seen === 0 ? words.hintsAll : words.hintsSeen(seen)}>
          <button type="button" className="button" disabled={seen === 0} onClick={() => void again()}>
            {words.hintsAgain}
          </button>
        </Line>
      </div>
    </Section>
  );
}
