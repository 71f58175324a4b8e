import type { ErrorEnvelope } from "../../../../shared/errors.ts";
import { Icon } from "../../components/Icon.tsx";
import { texts } from "../../texts/index.ts";

/** What stands in the way, within a dialog: the message and the one next thing to do. */
export function TroubleNote({
  trouble,
  children,
}: {
  trouble: Pick<ErrorEnvelope, "code" | "message" | "action">;
  children?: React.ReactNode;
}) {
  return (
    <div className="trouble-note" role="alert">
      <Icon name="unreadable" />
      <div className="trouble-words">
        <p>
          <strong>{trouble.message}</strong>
        </p>
        <p>{texts.work.advice[trouble.code] ?? trouble.action}</p>
      </div>
      {children}
    </div>
  );
}
