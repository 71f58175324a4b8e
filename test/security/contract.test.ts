import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { type Answers, answerContract, type IpcParts } from "../../src/main/electron/ipc.ts";
import { isOwnPage } from "../../src/main/electron/policy.ts";
import { callChannel, DROP_CHANNEL, EVENT_NAMES, METHOD_NAMES, type MethodName } from "../../src/shared/channels.ts";
import { dropSchema, EVENTS, METHODS, type Reply } from "../../src/shared/contract.ts";
import { hostileInputs, sampleOf } from "./hostile-inputs.ts";

type Handler = (event: unknown, message: unknown) => Promise<Reply<unknown>>;

/** The border between window and main with nothing behind it: every input that got through is kept. */
function border() {
  const handlers = new Map<string, Handler>();
  const passed: unknown[] = [];
  const ipc = {
    handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
    on: () => undefined,
    off: () => undefined,
  } as unknown as IpcParts["ipc"];
  const pass = (input: unknown) => {
    passed.push(input);
    return undefined;
  };
  const answers = Object.fromEntries(METHOD_NAMES.map((method) => [method, pass])) as unknown as Answers;
  const dropped = (paths: string[]) => {
    passed.push(paths);
    return paths;
  };
  answerContract({ ipc, trusts: isOwnPage, answers, dropped });
  const event = { sender: Object.assign(new EventEmitter(), { id: 1 }), senderFrame: { url: "nebulift://app/", parent: null } };
  const send = (channel: string, message: unknown) => handlers.get(channel)?.(event, message) ?? Promise.reject(new Error(`no ${channel}`));
  return { send, passed };
}

describe("security 6: what crosses the border is parsed, and capped", () => {
  test.each(METHOD_NAMES)("%s takes what the contract says", async (method) => {
    const { send, passed } = border();
    const input = sampleOf(METHODS[method].input);
    expect(await send(callChannel(method), { call: null, input })).toEqual({ ok: true, value: undefined });
    expect(passed).toEqual([input]);
  });

  test.each(METHOD_NAMES)("%s refuses everything else that can be made of its schema", async (method) => {
    const { send, passed } = border();
    const got: string[] = [];
    for (const { what, value } of hostileInputs(METHODS[method].input)) {
      const reply = await send(callChannel(method), { call: null, input: value });
      if (reply.ok || reply.error.code !== "internal") got.push(what);
    }
    expect(got).toEqual([]);
    expect(passed).toEqual([]);
  });

  test("a drop is parsed and capped too", async () => {
    const { send, passed } = border();
    const got: string[] = [];
    for (const { what, value } of hostileInputs(dropSchema)) if ((await send(DROP_CHANNEL, value)).ok) got.push(what);
    expect(got).toEqual([]);
    expect(passed).toEqual([]);
  });

  test("a record's key cannot reach a prototype", async () => {
    const { send, passed } = border();
    const document = JSON.parse('{"limits": {"__proto__": 1}, "filters": {"__proto__": {"limits": {"polluted": 1}}}}');
    await send(callChannel("rules.set"), { call: null, input: { document } });
    for (const input of passed) {
      const { limits, filters } = (input as { document: { limits: object; filters: object } }).document;
      expect([Object.keys(limits), Object.keys(filters)]).toEqual([[], []]);
      expect([limits, filters].map((record) => "polluted" in record)).toEqual([false, false]);
    }
    expect("polluted" in {}).toBe(false);
  });
});

describe("security 11: nothing crosses but the contract", () => {
  const sorted = (names: readonly string[]) => [...names].sort();

  test("every name has a shape, and every shape a name", () => {
    expect(sorted(Object.keys(METHODS))).toEqual(sorted(METHOD_NAMES));
    expect(sorted(Object.keys(EVENTS))).toEqual(sorted(EVENT_NAMES));
    expect(new Set<string>([...METHOD_NAMES, ...EVENT_NAMES]).size).toBe(METHOD_NAMES.length + EVENT_NAMES.length);
  });

  test("a method that answers by nothing has no handler", async () => {
    const { send } = border();
    await expect(send(callChannel("app.eval" as MethodName), { call: null, input: undefined })).rejects.toThrow(
      "no nebulift:call:app.eval",
    );
  });
});
