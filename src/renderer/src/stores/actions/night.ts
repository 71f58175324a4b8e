import type { NightSnapshot } from "../../../../shared/contract.ts";
import { call, droppedPaths } from "../../bridge.ts";
import { mirrored, nightStore } from "../night.ts";
import { freshNightView, viewStore } from "../view.ts";
import { attempt } from "./attempt.ts";

/** Opening, watching and ending nights. Components call these and never the bridge; what goes wrong is shown, not thrown. */

function show(snapshot: NightSnapshot): void {
  // Changes may have overtaken the answer.
  if (snapshot.revision > nightStore.getState().revision) nightStore.setState(mirrored(snapshot));
}

async function openPaths(paths: string[]): Promise<void> {
  freshNightView();
  show(await call("night.open", { paths, watch: false }));
}

export function openByDialog(): Promise<void> {
  return attempt(async () => {
    const paths = await call("night.chooseFolder", undefined);
    if (paths !== null) await openPaths(paths);
  });
}

export function openFilesByDialog(): Promise<void> {
  return attempt(async () => {
    const paths = await call("night.chooseFiles", undefined);
    if (paths !== null) await openPaths(paths);
  });
}

/** Main gets ready while the folder is still held over the window. */
export function prepareNight(): Promise<void> {
  return attempt(async () => {
    await call("night.prepare", undefined);
  });
}

export function openDropped(files: File[]): Promise<void> {
  return attempt(async () => {
    if (files.length > 0) await openPaths(await droppedPaths(files));
  });
}

export function openRecent(id: string): Promise<void> {
  return attempt(async () => {
    freshNightView();
    show(await call("night.openRecent", { id }));
  });
}

/** Goes on with a night that was stopped, or tries one again that failed; frames that were graded are remembered. */
export function reopenNight(): Promise<void> {
  return attempt(async () => {
    const paths = nightStore.getState().head?.paths;
    if (paths !== undefined) show(await call("night.open", { paths, watch: false }));
  });
}

export function simulateNight(): Promise<void> {
  return attempt(async () => {
    freshNightView();
    show(await call("night.simulate", undefined));
  });
}

/** Goes on where the app was when it ended, down to the frame that was looked at. */
export function resumeNight(): Promise<void> {
  return attempt(async () => {
    freshNightView();
    const { snapshot, pane, framePath } = await call("night.resume", undefined);
    show(snapshot);
    viewStore.setState({ pane });
    if (framePath === null) return;
    const select = (): boolean => {
      const row = nightStore.getState().rows.find(({ frame }) => frame.path === framePath);
      if (row !== undefined) viewStore.setState({ selected: row.id });
      return row !== undefined;
    };
    if (select()) return;
    // Frames arrive as they are graded or remembered; whoever picks another one first has moved on.
    const end = nightStore.subscribe(({ head }) => {
      if (viewStore.getState().selected !== null || select() || head?.id !== snapshot.head?.id) end();
    });
  });
}

export function cancelNight(): Promise<void> {
  return attempt(async () => {
    await call("night.cancel", undefined);
  });
}

export function closeNight(): Promise<void> {
  return attempt(async () => {
    freshNightView();
    nightStore.setState(mirrored(await call("night.close", undefined)));
  });
}

export function watchNight(on: boolean): Promise<void> {
  return attempt(async () => show(await call("night.watch", { on })));
}
