import type { IpcMain, WebContents, WebFrameMain } from "electron";
import type { ZodType } from "zod";
import { ABORT_CHANNEL, callChannel, DROP_CHANNEL, METHOD_NAMES, type MethodName } from "../../shared/channels.ts";
import { callSchema, dropSchema, METHODS, type MethodInput, type MethodOutput, type Reply } from "../../shared/contract.ts";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";

interface Call {
  /** Fires when the window cancels this call or goes away. */
  signal: AbortSignal;
  sender: WebContents;
}

export type Answers = { [M in MethodName]: (input: MethodInput<M>, call: Call) => MethodOutput<M> | Promise<MethodOutput<M>> };

export interface IpcParts {
  ipc: Pick<IpcMain, "handle" | "on" | "removeHandler" | "off">;
  /** Whether a page of this address is ours. */
  trusts: (url: string) => boolean;
  answers: Answers;
  /** The user dropped these; returns the ones that may be opened from now on. */
  dropped: (paths: string[]) => string[] | Promise<string[]>;
}

type Sender = { sender: WebContents; senderFrame: WebFrameMain | null };

/**
 * Answers the contract's methods over Electron's IPC: the sender must be the main frame of one of our pages and the input
 * must parse, else nothing is done. Returns a function that takes the handlers away again, calls off what runs, and resolves when
 * nothing of it does any more.
 */
export function answerContract({ ipc, trusts, answers, dropped }: IpcParts): () => Promise<void> {
  const running = new Map<string, AbortController>();
  const working = new Set<Promise<unknown>>();
  const watched = new WeakSet<WebContents>();

  const abortAll = (sender: number) => {
    for (const [key, controller] of running) if (key.startsWith(`${sender}:`)) controller.abort();
  };

  const watch = (sender: WebContents) => {
    if (watched.has(sender)) return;
    watched.add(sender);
    const id = sender.id;
    sender.once("destroyed", () => abortAll(id));
    // A reload leaves nobody to hear the answers either.
    sender.on("did-start-navigation", (details) => {
      if (details.isMainFrame && !details.isSameDocument) abortAll(id);
    });
  };

  const answer = async (method: MethodName, event: Sender, message: unknown): Promise<Reply<unknown>> => {
    requireTrusted(event, trusts);
    const { call, input } = parse(callSchema, message, method);
    const controller = new AbortController();
    const key = `${event.sender.id}:${call}`;
    if (call !== null) {
      if (running.has(key)) throw new NebuliftError("internal", `${method}: call ${call} is already running`);
      running.set(key, controller);
      watch(event.sender);
    }
    try {
      // Each method's schema and answer belong together by name, which the compiler cannot follow through a lookup.
      const reply = answers[method] as (input: unknown, call: Call) => unknown;
      const checked = parse<unknown>(METHODS[method].input, input, method);
      const work = Promise.resolve(reply(checked, { signal: controller.signal, sender: event.sender }));
      return { ok: true, value: await counted(work) };
    } finally {
      if (call !== null) running.delete(key);
    }
  };

  const counted = async (work: Promise<unknown>): Promise<unknown> => {
    working.add(work);
    try {
      return await work;
    } finally {
      working.delete(work);
    }
  };

  for (const method of METHOD_NAMES) {
    ipc.handle(callChannel(method), (event, message) => enveloped(() => answer(method, event, message)));
  }
  ipc.handle(DROP_CHANNEL, (event, message) =>
    enveloped(async () => {
      requireTrusted(event, trusts);
      return { ok: true, value: await dropped(parse(dropSchema, message, "drop")) };
    }),
  );
  const abort = (event: Sender, call: unknown) => {
    if (isTrusted(event, trusts) && typeof call === "string") running.get(`${event.sender.id}:${call}`)?.abort();
  };
  ipc.on(ABORT_CHANNEL, abort);

  return async () => {
    for (const method of METHOD_NAMES) ipc.removeHandler(callChannel(method));
    ipc.removeHandler(DROP_CHANNEL);
    ipc.off(ABORT_CHANNEL, abort);
    for (const controller of running.values()) controller.abort();
    await Promise.allSettled(working);
  };
}

function isTrusted(event: Sender, trusts: (url: string) => boolean): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && trusts(frame.url);
}

class UntrustedSender extends Error {}

function requireTrusted(event: Sender, trusts: (url: string) => boolean): void {
  if (!isTrusted(event, trusts)) throw new UntrustedSender("not allowed");
}

/** Errors as values; but a stranger's call is rejected bare and learns nothing. */
async function enveloped(work: () => Promise<Reply<unknown>>): Promise<Reply<unknown>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UntrustedSender) throw error;
    return { ok: false, error: toNebuliftError(error).toEnvelope() };
  }
}

function parse<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new NebuliftError("internal", `${what}: ${issue === undefined ? "bad input" : `${issue.path.join(".")} ${issue.message}`}`);
}
