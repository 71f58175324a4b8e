import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { app, BrowserWindow, dialog, ipcMain, net, protocol, session, shell } from "electron";
import type { EventName } from "../../shared/channels.ts";
import { eventChannel } from "../../shared/channels.ts";
import type { EventPayload } from "../../shared/contract.ts";
import type { DesktopSettings, WindowSettings } from "../../shared/desktop-settings.ts";
import { type ErrorEnvelope, type NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { appAnswers } from "./app-answers.ts";
import { chooseFolders, chooseFrames, chooseRules, chooseRulesName } from "./dialogs.ts";
import { type Answers, answerContract } from "./ipc.ts";
import { menuKeeper } from "./menu.ts";
import { nightAnswers } from "./night-answers.ts";
import type { DesktopServices } from "./night-port.ts";
import { NightsBefore } from "./nights-before.ts";
import { OpenNight } from "./open-night.ts";
import { PickedFolders } from "./picked-folders.ts";
import { PictureShelf } from "./picture-shelf.ts";
import { HOST_RULES, isOwnPage, SCHEME } from "./policy.ts";
import { answerProtocol } from "./protocol.ts";
import { confine, dressWindow, guardSession, openWindow } from "./window.ts";
import { workAnswers } from "./work-answers.ts";
import { WORK_DIALOGS } from "./work-dialogs.ts";

export interface DesktopParts {
  /** `onTrouble` hears of what is amiss without stopping the work, such as a damaged cache. */
  createServices: (onTrouble: (error: NebuliftError) => void) => DesktopServices;
  /** The built preload, and the folder of the built window. */
  preload: URL;
  window: URL;
}

/** ms */
const ANSWERS_END_WITHIN = 2000;

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
  const before = new NightsBefore({ memory: services.memory, now: Date.now, after });
  const night = new OpenNight({
    night: services.night,
    tell: (change) => tell("night.changed", change),
    noted: (noted) => {
      before.note(noted);
      showMenu();
    },
    sortedBefore: (root) => services.work.standingSort(root),
    newId: () => randomBytes(6).toString("hex"),
    after,
  });

  const settings = () => services.settings.desktop();
  const settingsChanged = () => {
    showMenu();
    tell("settings.changed", settings());
  };
  const changeSettings = (change: Partial<WindowSettings>): DesktopSettings => {
    const changed = services.settings.changeDesktop(change);
    if (change.theme !== undefined) for (const window of BrowserWindow.getAllWindows()) dressWindow(window, change.theme);
    settingsChanged();
    return changed;
  };
  const showMenu = menuKeeper(() => ({ settings: settings(), night: night.head }), {
    command: (command) => tell("app.command", { command }),
    changeTheme: (theme) => changeSettings({ theme }),
  });

  const work = workAnswers({
    work: services.work,
    night: () => night.toSort(),
    pathOf: (id) => night.pathOf(id),
    picked,
    dialogs: WORK_DIALOGS,
    reveal: (path) => shell.showItemInFolder(path),
    ownFolders: Object.values(services.folders),
    tell: (progress) => tell("work.progress", progress),
    onSorted: (standing) => night.sorted(standing),
    now: () => performance.now(),
  });
  const answers: Answers = {
    ...appAnswers({
      version: app.getVersion(),
      platform: process.platform,
      folders: services.folders,
      troubles,
      before,
      unfinishedSorts: () => services.work.unfinishedSorts(),
      settings,
      changeSettings,
    }),
    ...nightAnswers({
      services,
      night,
      before,
      picked,
      dialogs: { folders: chooseFolders, frames: chooseFrames, rules: chooseRules, rulesName: chooseRulesName },
      settingsChanged,
    }),
    ...work.answers,
  };
  const stopAnswering = answerContract({ ipc: ipcMain, trusts: isOwnPage, answers, dropped: (paths) => picked.pick(paths) });

  const shelf = new PictureShelf({
    pictures: services.pictures,
    pathOf: (id) => night.pathOf(id),
    stretchOf: (id) => night.stretchOf(id),
    lookedAt: () => night.lookedAt,
  });
  protocol.handle(
    SCHEME,
    answerProtocol({
      root: fileURLToPath(parts.window),
      devServer: developmentServer(),
      theme: () => settings().theme,
      fetch: (url) => net.fetch(url),
      picture: (request, signal) => shelf.picture(request, signal),
    }),
  );

  const open = () => {
    const window = openWindow(fileURLToPath(parts.preload), settings().theme);
    // Not before: the window has the processor to itself until it stands.
    window.once("ready-to-show", () => services.night.prepare());
    return window;
  };
  showMenu();
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
    // What is being written is written to its end, or to a place from which it can go on.
    const ended = async () => {
      before.flush();
      // A dialog that nobody answers any more must not hold the app open.
      await Promise.race([stopAnswering(), new Promise((done) => after(ANSWERS_END_WITHIN, () => done(null)))]);
      await work.settled();
      await night.end();
      await services.close();
    };
    void ended().finally(() => app.quit());
  });
}

/** Calls back later, unless it is called off. */
function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

function tell<E extends EventName>(event: E, payload: EventPayload<E>): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(eventChannel(event), payload);
  }
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
