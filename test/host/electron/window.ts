import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import type { CDPSession, Page, Route } from "playwright-core";
import { decodeClone, encodeClone } from "./clone.ts";
import { WebContents } from "./contents.ts";
import { PreloadFrames } from "./frames.ts";
import { host } from "./state.ts";
import { pageWorldSource, preloadWorldSource, WORLD } from "./worlds.ts";

interface WindowOptions {
  show?: boolean;
  width?: number;
  height?: number;
  backgroundColor?: string;
  webPreferences: { preload: string; sandbox?: boolean; contextIsolation?: boolean; nodeIntegration?: boolean };
  [option: string]: unknown;
}

/** Emitted on the app when a window's contents are made, as Electron does. */
export const created = new EventEmitter();

/** A window's place on the app's own scheme, and where Chromium is told that it lies. */
interface Place {
  scheme: string;
  web: string;
  path: string;
  /** The address on the app's scheme of one of Chromium's. */
  toOwn: (url: string) => string;
}

function placeOf(address: string): Place {
  const [scheme = "", rest = ""] = address.split("://");
  const authority = rest.split("/")[0] ?? "";
  const own = `${scheme}://${authority}`;
  const web = `https://${scheme}.localhost`;
  const toOwn = (url: string) => (url.startsWith(`${web}/`) || url === web ? own + url.slice(web.length) : url);
  return { scheme, web, path: rest.slice(authority.length), toOwn };
}

/** A window of the app: a Chromium page whose scheme, preload and IPC are answered by the app's own main bundle. */
export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  readonly options: WindowOptions;
  readonly webContents: WebContents;
  page: Page | null = null;
  background: string | undefined;
  title = "";
  focusedTimes = 0;
  #address = "";
  #session: CDPSession | null = null;
  #frames: PreloadFrames | null = null;
  #queue: Promise<void> = Promise.resolve();
  #crashed = false;
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    this.background = options.backgroundColor;
    this.webContents = new WebContents({ deliver: (message) => this.deliver(message), reload: () => this.#reload() });
    BrowserWindow.#all.add(this);
    created.emit("contents", this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows()[0] ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  show(): void {
    this.emit("show");
  }
  focus(): void {
    this.focusedTimes += 1;
  }
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  setProgressBar(): void {}
  setBackgroundColor(colour: string): void {
    this.background = colour;
  }
  setTitleBarOverlay(): void {}

  async loadURL(address: string): Promise<void> {
    const { context } = host;
    if (context === null) throw new Error("the host's browser is not running");
    this.#address = address;
    const place = placeOf(address);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    this.page = page;
    this.#session = session;
    this.#crashed = false;
    await session.send("Page.enable");
    const frames = new PreloadFrames(session, page, place.toOwn);
    this.#frames = frames;
    await frames.watch();
    await session.send("Runtime.enable");
    await session.send("Runtime.addBinding", { name: "hostToMain", executionContextName: WORLD });
    session.on("Runtime.bindingCalled", ({ payload, executionContextId }) => void this.#answer(payload, executionContextId));
    const preload = readFileSync(this.options.webPreferences.preload, "utf8");
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: pageWorldSource });
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: preloadWorldSource(preload), worldName: WORLD });
    await page.route("**/*", (route) => this.#serve(route, place));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") host.complaints.push(message.text());
    });
    page.on("pageerror", (error) => host.complaints.push(`${error.name}: ${error.message}`));
    page.on("popup", (popup) => {
      if (this.webContents.openHandler?.({ url: popup.url() }).action !== "allow") void popup.close();
    });
    page.on("crash", () => {
      this.#crashed = true;
      this.webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 139 });
    });
    page.on("close", () => {
      if (this.page === page) this.#end();
    });
    await page.goto(place.web + place.path);
    this.emit("ready-to-show");
  }

  /** In order, one after the other: IPC keeps the order of messages. */
  deliver(message: object, context?: number): void {
    const text = encodeClone(message);
    this.#queue = this.#queue.then(async () => {
      const contextId = context ?? this.#frames?.mainContext ?? null;
      if (this.#session === null || contextId === null) return;
      // A page that went away takes its context with it, and nobody is left to hear.
      await this.#session.send("Runtime.evaluate", { contextId, expression: `hostFromMain(${JSON.stringify(text)})` }).catch(() => {});
    });
  }

  /**
   * Calls a channel from the preload's own world, as a preload gone bad would, of the page or of the first frame inside it;
   * resolves with the answer's value, or with the words of the error.
   */
  async invokeFrom(which: "page" | "inner frame", channel: string, message: unknown): Promise<{ value?: unknown; error?: string }> {
    const contextId = which === "page" ? this.#frames?.mainContext : this.#frames?.innerContexts[0];
    if (this.#session === null || contextId === undefined || contextId === null) throw new Error(`no preload in the ${which}`);
    const expression = `hostInvoke(${JSON.stringify(channel)}, ${JSON.stringify(message)}).then((value) => ({ value }), (error) => ({ error: error.message }))`;
    const { result } = await this.#session.send("Runtime.evaluate", { contextId, expression, awaitPromise: true, returnByValue: true });
    return result.value;
  }

  /** A page whose process died cannot be used again, so another takes its place. */
  #reload(): void {
    if (!this.#crashed) void this.page?.reload();
    else {
      const dead = this.page;
      this.loadURL(this.#address).then(
        () => dead?.close(),
        (error: unknown) => host.complaints.push(String(error)),
      );
    }
  }

  async #answer(payload: string, context: number): Promise<void> {
    const message = decodeClone(payload) as { kind: string; id: number; channel: string; args: unknown[]; file: number };
    const sender = this.#frames?.senderOf(context) ?? null;
    const senderFrame = sender instanceof Promise ? await sender : sender;
    const event = { sender: this.webContents, senderFrame };
    if (message.kind === "send") {
      host.ipc.emit(message.channel, event, ...message.args);
      return;
    }
    const reply = (ok: boolean, value: unknown) => this.deliver({ kind: "reply", id: message.id, ok, value }, context);
    try {
      if (message.kind === "path") return reply(true, await this.#pathOf(message.file, context));
      const handler = host.handlers.get(message.channel);
      if (handler === undefined) throw new Error(`No handler registered for '${message.channel}'`);
      reply(true, await handler(event, ...message.args));
    } catch (error) {
      reply(false, `Error invoking remote method '${message.channel}': ${error}`);
    }
  }

  async #pathOf(file: number, contextId: number): Promise<string> {
    if (this.#session === null) throw new Error("the window is gone");
    const { result } = await this.#session.send("Runtime.evaluate", { contextId, expression: `hostFiles.get(${file})` });
    if (result.objectId === undefined) throw new Error("no such file object");
    const { path } = await this.#session.send("DOM.getFileInfo", { objectId: result.objectId });
    return path;
  }

  async #serve(route: Route, { scheme, web, toOwn }: Place): Promise<void> {
    const request = route.request();
    const url = request.url();
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame().parentFrame() === null;
      const details = { url: toOwn(url), isMainFrame, isSameDocument: false };
      const leaves = this.page?.url() !== "about:blank";
      const forbidden =
        this.webContents.forbids("will-frame-navigate", details) || (isMainFrame && this.webContents.forbids("will-navigate", details));
      if (leaves && forbidden) return route.abort("aborted");
      this.webContents.emit("did-start-navigation", details);
    }
    const handler = host.schemes.get(scheme);
    if (!url.startsWith(`${web}/`) || handler === undefined) {
      host.outside.push(url);
      return route.abort("blockedbyclient");
    }
    const response = await handler(new Request(toOwn(url), { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    // The page may have gone on to another picture meanwhile.
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body }).catch(() => {});
  }

  #end(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    BrowserWindow.#all.delete(this);
    this.webContents.emit("destroyed");
    this.emit("closed");
    if (BrowserWindow.#all.size === 0) created.emit("all-closed");
  }
}
