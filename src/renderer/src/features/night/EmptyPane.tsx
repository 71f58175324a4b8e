import { Icon, Mark } from "../../components/Icon.tsx";
import { openByDialog } from "../../stores/actions/night.ts";
import { texts } from "../../texts/index.ts";

/** Before the first night: where to drop it, and nothing to learn first. */
export function EmptyPane() {
  return (
    <main className="empty">
      <div className="empty-target">
        <Mark size={72} />
        <h1>{texts.empty.title}</h1>
        <p>{texts.empty.lead}</p>
        <button type="button" className="button button-main" onClick={() => void openByDialog()}>
          <Icon name="folder" />
          {texts.empty.open}
        </button>
        <p className="quiet small">{texts.empty.formats}</p>
      </div>
      <p className="quiet small">{texts.empty.promise}</p>
    </main>
  );
}
