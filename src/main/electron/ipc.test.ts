import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { ABORT_CHANNEL, callChannel, DROP_CHANNEL, METHOD_NAMES } from "../../shared/channels.ts";
import { type AppInfo, DEFAULT_DESKTOP_SETTINGS, METHODS, type Reply } from "../../shared/contract.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { type Answers, answerContract, type IpcParts } from "./ipc.ts";
import { isOwnPage } from "./policy.ts";

type Handler = (event: unknown, message: unknown) => Promise<Reply<unknown>>;

/** The wires of Electron's ipcMain, without Electron. */
function wires() {
  const handlers = new Map<string, Handler>();
  const signals = new EventEmitter();
  const ipc = {
    handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
    on: (channel: string, listener: () => void) => signals.on(channel, listener),
    off: (channel: string, listener: () => void) => signals.off(channel, listener),
  };
  return { handlers, signals, ipc: ipc as unknown as IpcParts["ipc"] };
}

const nothingOpen = { revision: 0, head: null, rows: [] };
const info: AppInfo = {
  version: "1",
  platform: "linux",
  folders: { data: "/data", cache: "/cache" },
  troubles: [],
  recent: [],
  interrupted: null,
  unfinishedSorts: [],
};

/** Whoever asks for what a test does not play learns it. */
function answersWith(own: Partial<Answers>): Answers {
  const unplayed = (method: string) => () => {
    throw new NebuliftError("internal", `${method} is not played`);
  };
  const all = Object.fromEntries(METHOD_NAMES.map((method) => [method, unplayed(method)])) as unknown as Answers;
  return { ...all, "app.info": () => info, "night.snapshot": () => nothingOpen, ...own };
}

class Contents extends EventEmitter {
  readonly id = 7;
}

function start(own: Partial<Answers> = {}, dropped: IpcParts["dropped"] = (paths) => paths) {
  const { handlers, signals, ipc } = wires();
  const stop = answerContract({ ipc, trusts: isOwnPage, answers: answersWith(own), dropped });
  const sender = new Contents();
  const event = { sender, senderFrame: { url: "nebulift://app/", parent: null as unknown } };
  const call = (method: (typeof METHOD_NAMES)[number], message: unknown, from: unknown = event) => {
    const handler = handlers.get(callChannel(method));
    if (handler === undefined) throw new Error(`no handler for ${method}`);
    return handler(from, message);
  };
  return { handlers, signals, event, sender, call, stop };
}

describe("the IPC host", () => {
  test("answers exactly the contract's methods and the drop", () => {
    const { handlers } = start();
    expect([...handlers.keys()].sort()).toEqual([...METHOD_NAMES.map(callChannel), DROP_CHANNEL].sort());
    expect(Object.keys(METHODS).sort()).toEqual([...METHOD_NAMES].sort());
  });

  test("takes its handlers away again", async () => {
    const { handlers, signals, stop } = start();
    await stop();
    expect(handlers.size).toBe(0);
    expect(signals.listenerCount(ABORT_CHANNEL)).toBe(0);
  });

  test("is still answering while something is being written, and calls it off", async () => {
    const steps: string[] = [];
    const { call, stop } = start({
      "night.close": async (_input, { signal }) => {
        await new Promise((done) => signal.addEventListener("abort", done));
        steps.push("written to a safe place");
        return nothingOpen;
      },
    });
    const reply = call("night.close", { call: "c1", input: undefined });
    await Promise.resolve();
    await stop();
    steps.push("stopped");
    expect(steps).toEqual(["written to a safe place", "stopped"]);
    expect(await reply).toMatchObject({ ok: true });
  });

  test.each([
    ["a page of another origin", { url: "https://example.invalid/", parent: null }],
    ["a page that only contains our scheme", { url: "https://example.invalid/?nebulift://app/", parent: null }],
    ["a host that only begins like ours", { url: "nebulift://app.example.invalid/", parent: null }],
    ["a frame inside our page", { url: "nebulift://app/", parent: {} }],
    ["a frame that is gone", null],
  ])("refuses %s and tells it nothing", async (_name, senderFrame) => {
    let reached = false;
    const { call, sender, handlers } = start({
      "app.info": () => {
        reached = true;
        return info;
      },
    });
    await expect(call("app.info", { call: null, input: undefined }, { sender, senderFrame })).rejects.toThrow(/^not allowed$/);
    await expect(handlers.get(DROP_CHANNEL)?.({ sender, senderFrame }, ["/tmp"])).rejects.toThrow(/^not allowed$/);
    expect(reached).toBe(false);
  });

  test.each([
    ["an unknown key", "settings.set", { theme: "dark", lastFolder: "/etc" }],
    ["a value outside the list", "settings.set", { theme: "pink" }],
    ["no path", "night.open", { paths: [], watch: false }],
    ["a path with a zero byte", "night.open", { paths: ["/tmp\0/x"], watch: false }],
    ["too many paths", "night.open", { paths: Array.from({ length: 257 }, () => "/tmp"), watch: false }],
    ["an endless path", "night.open", { paths: ["/".repeat(40_000)], watch: false }],
    ["something where nothing belongs", "night.cancel", { now: true }],
  ] as const)("refuses %s", async (_name, method, input) => {
    let reached = false;
    const touch = () => {
      reached = true;
    };
    const { call } = start({
      "settings.set": () => {
        touch();
        return DEFAULT_DESKTOP_SETTINGS;
      },
      "night.open": () => {
        touch();
        return nothingOpen;
      },
      "night.cancel": () => {
        touch();
        return undefined;
      },
    });
    const reply = await call(method, { call: null, input });
    expect(reply).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(reached).toBe(false);
  });

  test.each([
    [undefined],
    ["night.open"],
    [{ input: undefined }],
    [{ call: "a b", input: undefined }],
    [{ call: null, input: undefined, more: 1 }],
  ])("refuses the malformed message %j", async (message) => {
    expect(await start().call("app.info", message)).toMatchObject({ ok: false });
  });

  test("carries an error's code and action across as a value", async () => {
    const { call } = start({
      "night.open": () => {
        throw new NebuliftError("no-frames", "/tmp/empty");
      },
    });
    expect(await call("night.open", { call: null, input: { paths: ["/tmp/empty"], watch: false } })).toEqual({
      ok: false,
      error: new NebuliftError("no-frames", "/tmp/empty").toEnvelope(),
    });
  });

  test("aborts the call that the window names, and no other", async () => {
    const aborted: string[] = [];
    const { call, signals, event } = start({
      "night.snapshot": (_input, { signal }) =>
        new Promise((done) => {
          signal.addEventListener("abort", () => {
            aborted.push("snapshot");
            done(nothingOpen);
          });
        }),
    });
    const first = call("night.snapshot", { call: "c1", input: undefined });
    signals.emit(ABORT_CHANNEL, event, "c2");
    signals.emit(ABORT_CHANNEL, { ...event, senderFrame: { url: "https://example.invalid/", parent: null } }, "c1");
    await Promise.resolve();
    expect(aborted).toEqual([]);
    signals.emit(ABORT_CHANNEL, event, "c1");
    expect(await first).toMatchObject({ ok: true });
    expect(aborted).toEqual(["snapshot"]);
  });

  test.each([
    ["closes", (sender: Contents) => sender.emit("destroyed")],
    ["reloads", (sender: Contents) => sender.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false })],
  ])("aborts all calls of a window that %s", async (_name, go) => {
    const { call, sender } = start({
      "night.snapshot": (_input, { signal }) => new Promise((done) => signal.addEventListener("abort", () => done(nothingOpen))),
    });
    const calls = ["a", "b"].map((id) => call("night.snapshot", { call: id, input: undefined }));
    await Promise.resolve();
    go(sender);
    expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }]);
  });
});
