import { COMMANDS } from "../../../../shared/commands.ts";
import { Icon, Mark } from "../../components/Icon.tsx";
import { openByDialog, openFilesByDialog, simulateNight } from "../../stores/actions/night.ts";
import { texts } from "../../texts/index.ts";

/** Where a night is dropped, and the ways in for those who have nothing to drag. `leading`: nothing on the screen matters more. */
export function DropTarget({ leading }: { leading: boolean }) {
  return (
    <section className="start-drop">
      <div className="start-drop-words">
        <Mark size={leading ? 64 : 44} />
        <h1>{texts.start.title}</h1>
        <p>{texts.start.lead}</p>
        <div className="start-buttons">
          <button type="button" className={leading ? "button button-main" : "button button-tall"} onClick={() => void openByDialog()}>
            <Icon name="folder" />
            {texts.empty.open}
          </button>
          <button type="button" className="button button-tall" onClick={() => void openFilesByDialog()}>
            <Icon name="files" />
            {texts.start.openFiles}
          </button>
        </div>
        <p className="quiet small">{texts.start.formats}</p>
      </div>
      <div className="start-demo">
        <p className="quiet small">{texts.start.demo.what}</p>
        <button type="button" className="button" onClick={() => void simulateNight()}>
          {COMMANDS["night.simulate"].title}
        </button>
      </div>
    </section>
  );
}
