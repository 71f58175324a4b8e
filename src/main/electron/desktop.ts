import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { app, BrowserWindow, dialog, ipcMain, net, protocol, session } from "electron";
import type { EventName } from "../../shared/channels.ts";
import { eventChannel } from "../../shared/channels.ts";
import type { AppInfo, EventPayload } from "../../shared/contract.ts";
import type { DesktopSettings } from "../../shared/desktop-settings.ts";
import { type ErrorEnvelope, type NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { type Answers, answerContract } from "./ipc.ts";
import { installMenu } from "./menu.ts";
import type { DesktopServices } from "./night-port.ts";
import { OpenNight } from "./open-night.ts";
import { PickedFolders } from "./picked-folders.ts";
import { HOST_RULES, isOwnPage, SCHEME } from "./policy.ts";
import { answerProtocol } from "./protocol.ts";
import { confine, dressWindow, guardSession, openWindow } from "./window.ts";

export interface DesktopParts {
  /** `onTrouble` hears of what is amiss without stopping the work, such as a damaged cache. */
  createServices: (onTrouble: (error: NebuliftError) => void) => DesktopServices;
  /** The built preload, and the folder of the built window. */
  preload: URL;
  window: URL;
}

/** Must run before Electron is ready: privileges of a scheme and the sandbox cannot be granted later. */
export function prepareDesktop(): void {
  app.enableSandbox();
  app.commandLine.appendSwitch("host-resolver-rules", HOST_RULES);
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Runs the desktop app until it quits. The entry module must not await this: Electron waits for the entry module before it
 * gets ready, and this waits for Electron to be ready.
 */
export function runDesktop(parts: DesktopParts): void {
  start(parts).catch((error: unknown) => {
    const { message, action } = toNebuliftError(error);
    dialog.showErrorBox("Nebulift cannot start", `${message}\n\n${action}`);
    app.exit(1);
  });
}

async function start(parts: DesktopParts): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on("web-contents-created", (_event, contents) => confine(contents));
  await app.whenReady();
  guardSession(session.defaultSession, developmentServer());

  const troubles: ErrorEnvelope[] = [];
  const services = parts.createServices((error) => {
    const trouble = error.toEnvelope();
    troubles.push(trouble);
    tell("app.trouble", trouble);
  });
  const picked = new PickedFolders();
  const night = new OpenNight({
    night: services.night,
    tell: (change) => tell("night.changed", change),
    newId: () => randomBytes(6).toString("hex"),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });

  const changeTheme = (theme: DesktopSettings["theme"]): DesktopSettings => {
    const settings = services.settings.changeDesktop({ theme });
    for (const window of BrowserWindow.getAllWindows()) dressWindow(window, theme);
    showMenu(theme);
    tell("settings.changed", settings);
    return settings;
  };
  const showMenu = (theme: DesktopSettings["theme"]) =>
    installMenu({
      theme,
      changeTheme,
      openFolder: () => tell("app.command", { command: "open-folder" }),
      cancel: () => tell("app.command", { command: "cancel" }),
    });

  const answers: Answers = {
    "app.info": () => ({ version: app.getVersion(), platform: platformName(process.platform), troubles }),
    "settings.get": () => services.settings.desktop(),
    "settings.set": ({ theme }) => changeTheme(theme),
    "night.chooseFolder": async (_input, { sender }) => {
      const paths = await chooseFolders(BrowserWindow.fromWebContents(sender), services.settings.desktop().lastFolder);
      return paths === null ? null : await picked.pick(paths);
    },
    "night.open": async ({ paths }) => {
      const real = await picked.require(paths);
      const [first] = real;
      if (first !== undefined) services.settings.changeDesktop({ lastFolder: first });
      return night.open(real);
    },
    "night.snapshot": () => night.snapshot(),
    "night.cancel": async () => {
      await night.cancel();
      return undefined;
    },
  };
  const stopAnswering = answerContract({ ipc: ipcMain, trusts: isOwnPage, answers, dropped: (paths) => picked.pick(paths) });

  protocol.handle(
    SCHEME,
    answerProtocol({
      root: fileURLToPath(parts.window),
      devServer: developmentServer(),
      theme: () => services.settings.desktop().theme,
      fetch: (url) => net.fetch(url),
      preview: async (id, options) => {
        const path = night.pathOf(id);
        return path === null ? null : services.night.preview(path, options);
      },
    }),
  );

  const open = () => openWindow(fileURLToPath(parts.preload), services.settings.desktop().theme);
  showMenu(services.settings.desktop().theme);
  open();

  app.on("second-instance", () => focusWindow(open));
  app.on("activate", () => focusWindow(open));
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  let closed = false;
  app.on("will-quit", (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    stopAnswering();
    void night
      .cancel()
      .then(() => services.close())
      .finally(() => app.quit());
  });
}

function tell<E extends EventName>(event: E, payload: EventPayload<E>): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(eventChannel(event), payload);
  }
}

async function chooseFolders(window: BrowserWindow | null, start: string | null): Promise<string[] | null> {
  const options = {
    title: "Choose the night's folder",
    properties: ["openDirectory" as const, "multiSelections" as const],
    // Since Electron 43 dialogs would start in Downloads each time.
    ...(start === null ? {} : { defaultPath: start }),
  };
  const answer = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return answer.canceled || answer.filePaths.length === 0 ? null : answer.filePaths;
}

function focusWindow(open: () => BrowserWindow): void {
  const window = BrowserWindow.getAllWindows()[0] ?? open();
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** electron-vite names its server in the environment; a packaged app never listens to that. */
function developmentServer(): string | null {
  const address = process.env["ELECTRON_RENDERER_URL"];
  return app.isPackaged || address === undefined ? null : new URL(address).origin;
}

function platformName(platform: NodeJS.Platform): AppInfo["platform"] {
  if (platform === "darwin") return "mac";
  if (platform === "win32") return "windows";
  return platform === "linux" ? "linux" : "other";
}
