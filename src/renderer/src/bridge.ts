import type { EventName, MethodName } from "../../shared/channels.ts";
import type { EventPayload, MethodInput, MethodOutput, NebuliftApi, Reply } from "../../shared/contract.ts";
import { NebuliftError } from "../../shared/errors.ts";

declare global {
  interface Window {
    readonly nebulift: NebuliftApi<File>;
  }
}

function opened<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  throw NebuliftError.fromEnvelope(reply.error);
}

let calls = 0;

/** Calls main. Rejects with NebuliftError; once the signal fires main is told, and the call ends as `cancelled` does. */
export async function call<M extends MethodName>(method: M, input: MethodInput<M>, signal?: AbortSignal): Promise<MethodOutput<M>> {
  if (signal === undefined) return opened(await window.nebulift.call[method](input, null));
  signal.throwIfAborted();
  calls += 1;
  const id = `c${calls}`;
  const abort = () => window.nebulift.abort(id);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return opened(await window.nebulift.call[method](input, id));
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Listens to main; the function returned ends it. */
export function listen<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
  return window.nebulift.on[event](listener);
}

/** The real places of dropped files and folders, which may be opened from then on. */
export async function droppedPaths(files: File[]): Promise<string[]> {
  return opened(await window.nebulift.dropped(files));
}
