import { BrowserWindow, dialog, nativeTheme, type Session, type WebContents } from "electron";
import type { Theme } from "../../shared/desktop-settings.ts";
import { TITLE_BAR_HEIGHT, WINDOW_LOOKS } from "./looks.ts";
import { isOwnPage, mayLoad, mayUse, ORIGIN } from "./policy.ts";

/** Opens the main window; it shows itself once it has something to show. */
export function openWindow(preload: string, theme: Theme): BrowserWindow {
  const looks = WINDOW_LOOKS[theme];
  nativeTheme.themeSource = looks.native;
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: "Nebulift",
    name: "main",
    windowStatePersistence: true,
    backgroundColor: looks.background,
    // A title bar and a menu bar of the system's own would stay white in the night theme.
    titleBarStyle: "hidden",
    ...(process.platform === "darwin"
      ? // Only with an overlay does the page learn (env(titlebar-area-x)) how much room the traffic lights take.
        { trafficLightPosition: { x: 14, y: 15 }, titleBarOverlay: { height: TITLE_BAR_HEIGHT - 1 } }
      : { titleBarOverlay: { color: looks.background, symbolColor: looks.symbols, height: TITLE_BAR_HEIGHT - 1 } }),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      disableDialogs: true,
    },
  });
  window.once("ready-to-show", () => window.show());
  reviveWhenGone(window.webContents);
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

/** A page that dies more often than this within a minute would die for ever. */
const MOST_REVIVALS = 3;

/** Pages render in another process; when that is gone, main still has the night and a fresh page asks for it. */
function reviveWhenGone(contents: WebContents): void {
  let gone: number[] = [];
  contents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit") return;
    const now = Date.now();
    gone = [...gone.filter((time) => now - time < 60_000), now];
    if (gone.length <= MOST_REVIVALS) contents.reload();
    else
      dialog.showErrorBox(
        "Nebulift's window cannot be shown",
        `It ended ${gone.length} times within a minute (${reason}). No file is at risk. Restart Nebulift.`,
      );
  });
}

export function dressWindow(window: BrowserWindow, theme: Theme): void {
  const looks = WINDOW_LOOKS[theme];
  nativeTheme.themeSource = looks.native;
  window.setBackgroundColor(looks.background);
  if (process.platform !== "darwin") window.setTitleBarOverlay({ color: looks.background, symbolColor: looks.symbols });
}

/** Keeps every page where it is: no navigation away, no further windows, no embedded ones. */
export function confine(contents: WebContents): void {
  const stay = (event: { preventDefault: () => void; url: string }) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
}

/** Nothing that needs a permission, and nothing from outside: whatever a page tries, Chromium does not go and get it. */
export function guardSession(session: Session, devServer: string | null): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayUse(permission, devServer)));
  session.setPermissionCheckHandler((_contents, permission) => mayUse(permission, devServer));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, devServer) }));
}
