import { useStore } from "zustand";
import { Dialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { revealPlace } from "../../stores/actions/reveal.ts";
import { handingOverStore } from "../../stores/handing-over.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";
import { ExportChoice } from "./ExportChoice.tsx";
import { WorkProgress } from "./WorkProgress.tsx";
import "./work.css";
import "./export.css";

const words = texts.work.export;
const close = () => viewStore.setState({ dialog: null });

/** From the choice of a stacker to the files that it reads. */
export function ExportDialog() {
  const head = useStore(nightStore, (state) => state.head);
  const running = useStore(workStore, (state) => state.running);
  const outcome = useStore(handingOverStore, (state) => state.outcome);
  return (
    <Dialog
      title={words.title}
      close={texts.app.close}
      className="work-dialog work-dialog-export"
      part={running?.what === "export" ? "running" : outcome === null ? "choice" : "done"}
      onClose={close}
    >
      {running?.what === "export" ? (
        <div className="work-form">
          <div className="work-body work-running">
            <WorkProgress running={running} />
            <p className="quiet">{texts.work.running.exportSafe}</p>
          </div>
          <footer className="work-foot">
            <span className="work-foot-space quiet small">{texts.work.running.goesOn}</span>
            <button type="button" className="button button-tall" onClick={close} data-first>
              {texts.work.running.hide}
            </button>
          </footer>
        </div>
      ) : outcome !== null ? (
        <HandedOver outcome={outcome} />
      ) : (
        head !== null && <ExportChoice head={head} busy={running !== null} onClose={close} />
      )}
    </Dialog>
  );
}

type Outcome = NonNullable<ReturnType<typeof handingOverStore.getState>["outcome"]>;

function HandedOver({ outcome: { kind, made } }: { outcome: Outcome }) {
  return (
    <div className="work-form">
      <div className="work-body work-words">
        <p className="work-headline">
          <span className="verdict-clean">
            <Icon name="clean" size={20} />
          </span>
          <strong>{words.done(words.kinds[kind].name)}</strong>
          <span className="quiet">{texts.work.handedOver(made)}</span>
        </p>
        <p className="work-where">
          {words.where} <span className="path">{made.place}</span>
        </p>
        <p>
          <strong>{words.next}</strong> {words.kinds[kind].next}
        </p>
        {made.notes.length > 0 && (
          <section className="failures">
            <h3>{words.notes}</h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
            <ul tabIndex={0} aria-label={words.notes}>
              {made.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <footer className="work-foot">
        <button type="button" className="button button-tall" onClick={() => handingOverStore.setState({ outcome: null })}>
          {words.another}
        </button>
        <span className="work-foot-space" />
        <button type="button" className="button button-tall" onClick={() => void revealPlace(made.place)}>
          <Icon name="folder" />
          {texts.work.show}
        </button>
        <button type="button" className="button button-main" onClick={close} data-first>
          {texts.work.close}
        </button>
      </footer>
    </div>
  );
}
