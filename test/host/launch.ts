import type { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { HostState } from "./electron/state.ts";
import type { BrowserWindow } from "./electron/window.ts";
import { dropOn } from "./pages/drop.ts";
import { TitleBar } from "./pages/title-bar.ts";

export interface LaunchOptions {
  width?: number;
  height?: number;
  theme?: "dark" | "light" | "night";
  /** Where the app keeps its things; a fresh folder, taken away at the end, when none is named. */
  home?: string;
  /** A port of this computer on which the browser can be driven from another process. */
  port?: number;
  /** What app.isPackaged says; true unless told otherwise. */
  packaged?: boolean;
}

export interface RunningApp {
  readonly page: Page;
  readonly host: HostState;
  readonly home: string;
  readonly window: BrowserWindow;
  /** Electron's `app`, whose events the specs send as the system would (`second-instance`, `before-quit`). */
  readonly events: EventEmitter;
  /** Drops these folders on the middle of the window, as a file manager would. */
  drop(paths: string[]): Promise<void>;
  /** Clicks an item of the application menu by its labels. */
  menu(...labels: string[]): void;
  close(): Promise<void>;
}

const ROOT = new URL("../../", import.meta.url);

export const CHROMIUM = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** Starts the built app on Chromium. Once per process, like Electron; app-process.ts starts it in another one. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  if (CHROMIUM === undefined) throw new Error("no Chromium: apt-get install chromium");
  const main = process.env["HOST_MAIN"] ? new URL(`file://${process.env["HOST_MAIN"]}`) : new URL("out/main/index.js", ROOT);
  if (!existsSync(main)) throw new Error("not built: npm run build");
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "nebulift-host-")));
  process.env["NEBULIFT_HOME"] = home;
  const electron = new URL("electron/index.ts", import.meta.url).href;
  registerHooks({ resolve: (name, context, next) => (name === "electron" ? { url: electron, shortCircuit: true } : next(name, context)) });
  const { host } = await import("./electron/state.ts");
  const { app, BrowserWindow } = await import("./electron/index.ts");
  host.userData = home;
  host.packaged = options.packaged ?? true;
  host.browser = await startChromium(options.port);
  host.context = await host.browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 } });
  await import(main.href);
  const window = await untilDefined(() => BrowserWindow.getAllWindows()[0]);
  const page = await untilDefined(() => window.page ?? undefined);
  await page.waitForSelector("#root > *");
  if (options.theme !== undefined) await new TitleBar(page).chooseTheme(options.theme);
  const current = () => window.page ?? page;
  return {
    get page() {
      return current();
    },
    host,
    home,
    window,
    events: app,
    drop: (paths) => dropOn(current(), paths),
    menu: (...labels) => clickMenu(host.menu, labels),
    close: async () => {
      app.quit();
      await untilDefined(() => (host.quitted ? true : undefined));
      await host.browser?.close();
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

function startChromium(port: number | undefined) {
  return chromium.launch({
    executablePath: CHROMIUM ?? "",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb"],
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  });
}

interface MenuItem {
  label?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

/** A menu's text without the mark of its letter. */
const shown = (label: string) => label.replaceAll(/&(.)/g, "$1");

function clickMenu(menu: unknown, labels: string[]): void {
  let items = menu as MenuItem[];
  let item: MenuItem | undefined;
  for (const label of labels) {
    item = items.find((candidate) => candidate.label !== undefined && shown(candidate.label) === label);
    if (item === undefined) throw new Error(`no menu item ${label}`);
    items = item.submenu ?? [];
  }
  item?.click?.();
}

export async function untilDefined<T>(look: () => T | undefined, milliseconds = 20_000): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`nothing after ${milliseconds} ms: ${look.toString()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
