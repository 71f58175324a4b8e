import { decodeClone, encodeClone } from "./clone.ts";

/**
 * What is put into a page so that a sandboxed preload finds what Electron gives it: an isolated world with `require`,
 * ipcRenderer, contextBridge and webUtils, and a page that sees only what the bridge exposes. Calls between the two
 * worlds are DOM events, which are synchronous and whose details Chromium clones, as the bridge does.
 */

export const WORLD = "preload";

interface Exposed {
  [name: string]: Exposed | ((...args: unknown[]) => unknown) | unknown;
}

/** Runs in the page's own world. */
function pageWorld(): void {
  if (window !== window.top) return;
  let calls = 0;
  const waiting = new Map<number, { done: (value: unknown) => void; fail: (error: unknown) => void }>();
  const callbacks = new Map<number, (...args: unknown[]) => unknown>();
  let returned: { ok: boolean; value: unknown; kind: string } | null = null;
  const detailOf = (event: Event) => (event as CustomEvent).detail;
  document.addEventListener("host-return", (event) => {
    returned = detailOf(event);
  });
  document.addEventListener("host-settled", (event) => {
    const { id, ok, value } = detailOf(event);
    const both = waiting.get(id);
    waiting.delete(id);
    if (ok) both?.done(value);
    else both?.fail(new Error(value));
  });
  document.addEventListener("host-callback", (event) => {
    const { callback, args } = detailOf(event);
    callbacks.get(callback)?.(...args);
  });
  const call = (target: number, args: unknown[]): unknown => {
    calls += 1;
    const id = calls;
    const carried = args.map((arg, index) => {
      if (typeof arg !== "function") return arg;
      callbacks.set(id * 100 + index, arg as () => unknown);
      return { hostCallback: id * 100 + index };
    });
    returned = null;
    document.dispatchEvent(new CustomEvent("host-call", { detail: { id, target, args: carried } }));
    const answer = returned as { ok: boolean; value: unknown; kind: string } | null;
    if (answer === null) throw new Error("the preload did not answer");
    if (!answer.ok) throw new Error(String(answer.value));
    if (answer.kind === "function") return (...more: unknown[]) => call(answer.value as number, more);
    if (answer.kind === "promise") return new Promise((done, fail) => waiting.set(id, { done, fail }));
    return answer.value;
  };
  const build = (shape: Record<string, unknown>): unknown =>
    Object.freeze(
      Object.fromEntries(
        Object.entries(shape).map(([name, part]) => [
          name,
          typeof part === "number" ? (...args: unknown[]) => call(part, args) : build(part as Record<string, unknown>),
        ]),
      ),
    );
  document.addEventListener("host-expose", (event) => {
    const { name, shape } = detailOf(event);
    Object.defineProperty(window, name, { value: build(shape), enumerable: true });
  });
}

/** Runs in the isolated world around the preload; `hostToMain` is a binding that only this world has. */
function preloadWorld(encode: (value: unknown) => string, decode: (text: string) => unknown, preload: (require: unknown) => void): void {
  const world = globalThis as unknown as {
    hostToMain: (text: string) => void;
    hostFromMain: (text: string) => void;
    hostInvoke: (channel: string, message: unknown) => Promise<unknown>;
    hostFiles: Map<number, File>;
  };
  let messages = 0;
  const waiting = new Map<number, { done: (value: unknown) => void; fail: (error: unknown) => void }>();
  const listeners = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>();
  world.hostFiles = new Map();
  const ask = (kind: string, rest: object) => {
    messages += 1;
    const id = messages;
    return new Promise<unknown>((done, fail) => {
      waiting.set(id, { done, fail });
      world.hostToMain(encode({ kind, id, ...rest }));
    });
  };
  world.hostFromMain = (text) => {
    const message = decode(text) as { kind: string; id: number; ok: boolean; value: unknown; channel: string; args: unknown[] };
    if (message.kind === "event") {
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer }, ...message.args);
      return;
    }
    const both = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) both?.done(message.value);
    else both?.fail(new Error(String(message.value)));
  };
  // Paths of files are found out by the debugger, which takes a moment that Electron does not need: so they travel as
  // promises, and a message waits for those inside it.
  const settled = async (value: unknown): Promise<unknown> => (Array.isArray(value) ? Promise.all(value.map(settled)) : value);
  const ipcRenderer = {
    invoke: async (channel: string, ...args: unknown[]) => ask("invoke", { channel, args: await settled(args) }),
    send: (channel: string, ...args: unknown[]) => world.hostToMain(encode({ kind: "send", channel, args })),
    on: (channel: string, listener: () => void) => {
      const all = listeners.get(channel) ?? new Set();
      listeners.set(channel, all);
      all.add(listener);
    },
    off: (channel: string, listener: () => void) => {
      listeners.get(channel)?.delete(listener);
    },
  };
  // What a preload gone bad could do; in frames inside the page this world has nothing else, as Electron runs no preload there.
  world.hostInvoke = ipcRenderer.invoke;
  if (window !== window.top) return;
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const shapeOf = (api: Exposed): unknown =>
    Object.fromEntries(
      Object.entries(api).map(([name, part]) => [
        name,
        typeof part === "function" ? functions.push(part as () => unknown) - 1 : shapeOf(part as Exposed),
      ]),
    );
  const say = (name: string, detail: unknown) => document.dispatchEvent(new CustomEvent(name, { detail }));
  document.addEventListener("host-call", (event) => {
    const { id, target, args } = (event as CustomEvent).detail as { id: number; target: number; args: unknown[] };
    const given = args.map((arg) => {
      const callback = typeof arg === "object" && arg !== null && "hostCallback" in arg ? arg.hostCallback : undefined;
      return callback === undefined ? arg : (...more: unknown[]) => say("host-callback", { callback, args: more });
    });
    try {
      const value = functions[target]?.(...given);
      if (value instanceof Promise) {
        say("host-return", { ok: true, kind: "promise" });
        value.then(
          (result) => say("host-settled", { id, ok: true, value: result }),
          (error) => say("host-settled", { id, ok: false, value: error instanceof Error ? error.message : String(error) }),
        );
      } else if (typeof value === "function")
        say("host-return", { ok: true, kind: "function", value: functions.push(value as () => unknown) - 1 });
      else say("host-return", { ok: true, kind: "value", value });
    } catch (error) {
      say("host-return", { ok: false, value: error instanceof Error ? error.message : String(error) });
    }
  });
  const electron = {
    ipcRenderer,
    contextBridge: { exposeInMainWorld: (name: string, api: Exposed) => say("host-expose", { name, shape: shapeOf(api) }) },
    webUtils: {
      getPathForFile: (file: File) => {
        if (!(file instanceof File)) throw new TypeError("not a File");
        messages += 1;
        world.hostFiles.set(messages, file);
        return ask("path", { file: messages });
      },
    },
  };
  preload((name: string) => {
    if (name === "electron") return electron;
    throw new Error(`module not found: ${name}`);
  });
}

export const pageWorldSource = `(${pageWorld.toString()})()`;

export function preloadWorldSource(preload: string): string {
  return `(${preloadWorld.toString()})(${encodeClone.toString()}, ${decodeClone.toString()}, (require) => { const module = { exports: {} }; const exports = module.exports; ${preload}\n })`;
}
