import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import type { CDPSession, Page, Route } from "playwright-core";
import { decodeClone, encodeClone } from "./clone.ts";
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

let contentsMade = 0;

class WebContents extends EventEmitter {
  readonly id: number;
  readonly #window: BrowserWindow;
  openHandler: ((details: { url: string }) => { action: "deny" | "allow" }) | null = null;

  constructor(window: BrowserWindow) {
    super();
    contentsMade += 1;
    this.id = contentsMade;
    this.#window = window;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#window.deliver({ kind: "event", channel, args });
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: "deny" | "allow" }): void {
    this.openHandler = handler;
  }

  reload(): void {
    void this.#window.page?.reload();
  }
}

/** A window of the app: a Chromium page whose scheme, preload and IPC are answered by the app's own main bundle. */
export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  readonly options: WindowOptions;
  readonly webContents: WebContents;
  page: Page | null = null;
  background: string | undefined;
  #session: CDPSession | null = null;
  #preloadContext: number | null = null;
  #queue: Promise<void> = Promise.resolve();
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    this.background = options.backgroundColor;
    this.webContents = new WebContents(this);
    BrowserWindow.#all.add(this);
    created.emit("contents", this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  show(): void {
    this.emit("show");
  }
  focus(): void {}
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  setBackgroundColor(colour: string): void {
    this.background = colour;
  }
  setTitleBarOverlay(): void {}

  async loadURL(address: string): Promise<void> {
    const { context } = host;
    if (context === null) throw new Error("the host's browser is not running");
    const [scheme = "", rest = ""] = address.split("://");
    const authority = rest.split("/")[0] ?? "";
    const own = `${scheme}://${authority}`;
    const web = `https://${scheme}.localhost`;
    const toOwn = (url: string) => (url.startsWith(`${web}/`) || url === web ? own + url.slice(web.length) : url);
    const page = await context.newPage();
    this.page = page;
    const session = await context.newCDPSession(page);
    this.#session = session;
    await session.send("Page.enable");
    await session.send("Runtime.enable");
    await session.send("Runtime.addBinding", { name: "hostToMain", executionContextName: WORLD });
    session.on("Runtime.executionContextCreated", ({ context: made }) => {
      if (made.name === WORLD) this.#preloadContext = made.id;
    });
    session.on("Runtime.bindingCalled", ({ payload, executionContextId }) => {
      void this.#answer(payload, executionContextId, toOwn(page.url()));
    });
    const preload = readFileSync(this.options.webPreferences.preload, "utf8");
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: pageWorldSource });
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: preloadWorldSource(preload), worldName: WORLD });
    await page.route("**/*", (route) => this.#serve(route, scheme, web, toOwn));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") host.complaints.push(message.text());
    });
    page.on("pageerror", (error) => host.complaints.push(`${error.name}: ${error.message}`));
    page.on("popup", (popup) => {
      if (this.webContents.openHandler?.({ url: popup.url() }).action !== "allow") void popup.close();
    });
    page.on("close", () => this.#end());
    await page.goto(web + rest.slice(authority.length));
    this.emit("ready-to-show");
  }

  /** In order, one after the other: IPC keeps the order of messages. */
  deliver(message: object, context?: number): void {
    const text = encodeClone(message);
    this.#queue = this.#queue.then(async () => {
      const contextId = context ?? this.#preloadContext;
      if (this.#session === null || contextId === null) return;
      // A page that went away takes its context with it, and nobody is left to hear.
      await this.#session.send("Runtime.evaluate", { contextId, expression: `hostFromMain(${JSON.stringify(text)})` }).catch(() => {});
    });
  }

  async #answer(payload: string, context: number, url: string): Promise<void> {
    const message = decodeClone(payload) as { kind: string; id: number; channel: string; args: unknown[]; file: number };
    const event = { sender: this.webContents, senderFrame: { url, parent: null } };
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

  async #serve(route: Route, scheme: string, web: string, toOwn: (url: string) => string): Promise<void> {
    const request = route.request();
    const url = request.url();
    const navigates = request.isNavigationRequest() && request.frame().parentFrame() === null;
    if (navigates && this.page?.url() !== "about:blank") {
      let prevented = false;
      const details = {
        url: toOwn(url),
        preventDefault: () => {
          prevented = true;
        },
      };
      this.webContents.emit("will-navigate", details);
      if (prevented) return route.abort("aborted");
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
