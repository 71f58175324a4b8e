import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { HostState } from "./electron/state.ts";

export interface RunningApp {
  page: Page;
  host: HostState;
  home: string;
  window: { background: string | undefined; options: Record<string, unknown> };
  /** Drops these folders on the middle of the window, as a file manager would. */
  drop(paths: string[]): Promise<void>;
  /** Clicks an item of the application menu by its labels. */
  menu(...labels: string[]): void;
  close(): Promise<void>;
}

const ROOT = new URL("../../", import.meta.url);

export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** Starts the built app on Chromium. Once per process, like Electron. */
export async function launchApp(
  options: { width?: number; height?: number; theme?: "dark" | "light" | "night" } = {},
): Promise<RunningApp> {
  if (CHROMIUM === undefined) throw new Error("no Chromium: apt-get install chromium");
  const main = process.env["HOST_MAIN"] ? new URL(`file://${process.env["HOST_MAIN"]}`) : new URL("out/main/index.js", ROOT);
  if (!existsSync(main)) throw new Error("not built: npm run build");
  const home = await mkdtemp(join(tmpdir(), "nebulift-host-"));
  process.env["NEBULIFT_HOME"] = home;
  const electron = new URL("electron/index.ts", import.meta.url).href;
  registerHooks({ resolve: (name, context, next) => (name === "electron" ? { url: electron, shortCircuit: true } : next(name, context)) });
  const { host } = await import("./electron/state.ts");
  const { app, BrowserWindow } = await import("./electron/index.ts");
  host.userData = home;
  host.browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb"],
  });
  host.context = await host.browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 } });
  await import(main.href);
  const window = await untilDefined(() => BrowserWindow.getAllWindows()[0]);
  const page = await untilDefined(() => window.page ?? undefined);
  await page.waitForSelector("#root > *");
  if (options.theme !== undefined) {
    await page.locator(`.segment:has(input[value=${options.theme}])`).click();
    await page.waitForSelector(`html[data-theme=${options.theme}]`);
  }
  return {
    page,
    host,
    home,
    window,
    drop: (paths) => dropOn(page, paths),
    menu: (...labels) => clickMenu(host.menu, labels),
    close: async () => {
      app.quit();
      await untilDefined(() => (host.quitted ? true : undefined));
      await host.browser?.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function dropOn(page: Page, files: string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}

interface MenuItem {
  label?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

function clickMenu(menu: unknown, labels: string[]): void {
  let items = menu as MenuItem[];
  let item: MenuItem | undefined;
  for (const label of labels) {
    // An ampersand marks the letter that opens a menu with Alt.
    item = items.find((candidate) => candidate.label?.replace("&", "") === label);
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
