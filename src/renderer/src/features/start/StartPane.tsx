import { useEffect } from "react";
import { useStore } from "zustand";
import { refreshInfo } from "../../stores/connect.ts";
import { infoStore } from "../../stores/info.ts";
import { workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";
import { DropTarget } from "./DropTarget.tsx";
import { GoOn } from "./GoOn.tsx";
import { RecentNights } from "./RecentNights.tsx";
import "./start.css";

/** Before a night is open: what was interrupted first, then where to drop a new one, then the ones before. */
export function StartPane() {
  const info = useStore(infoStore, (state) => state.info);
  useEffect(() => {
    const ask = () => void refreshInfo();
    ask();
    // A drive may have been connected while the window was in the back.
    window.addEventListener("focus", ask);
    return () => window.removeEventListener("focus", ask);
  }, []);
  // What runs is not unfinished; it has its own bar.
  const working = useStore(workStore, (state) => state.running !== null);
  const interrupted = info?.interrupted ?? null;
  const sorts = working ? [] : (info?.unfinishedSorts ?? []);
  const recent = (info?.recent ?? []).filter(({ paths }) => paths.join("\n") !== interrupted?.paths.join("\n"));
  const goOn = interrupted !== null || sorts.length > 0;
  return (
    <main className="start">
      <div className="start-sheet">
        {goOn && <GoOn interrupted={interrupted} sorts={sorts} />}
        <div className={recent.length > 0 ? "start-halves" : "start-whole"}>
          <DropTarget leading={!goOn} />
          {recent.length > 0 && <RecentNights nights={recent} />}
        </div>
        <p className="start-promise quiet small">{texts.start.promise}</p>
      </div>
    </main>
  );
}
