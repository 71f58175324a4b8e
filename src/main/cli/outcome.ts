import { type ErrorCode, NebuliftError, toNebuliftError } from "../../shared/errors.ts";

/** What the command line's exit codes mean; scripts rely on them (docs/cli.md). */
export const EXIT = { done: 0, someFailed: 1, wrongUse: 2, cancelled: 3, environment: 4 } as const;

const WRONG_USE = new Set<ErrorCode>([
  "bad-usage",
  "bad-rules",
  "bad-report",
  "bad-labels",
  "bad-thresholds",
  "too-few-labels",
  "folder-missing",
  "no-frames",
  "no-sort",
  "sort-folders",
  "output-exists",
]);

/** Tells an error on stderr, what happened and what to do next, and gives the exit code for it. */
export function reportFailure(thrown: unknown): number {
  const error = thrown instanceof NebuliftError ? thrown : toNebuliftError(thrown);
  process.stderr.write(`nebulift: ${error.message}\n  ${error.action}\n`);
  if (error.code === "internal" && thrown instanceof Error && thrown.stack) process.stderr.write(`${thrown.stack}\n`);
  if (error.code === "cancelled") return EXIT.cancelled;
  return WRONG_USE.has(error.code) ? EXIT.wrongUse : EXIT.environment;
}

/** Aborts at the first Ctrl-C; at the second the process ends at once. */
export function cancelOnSignals(): AbortController {
  const cancel = new AbortController();
  const stop = (): void => {
    if (cancel.signal.aborted) process.exit(EXIT.cancelled);
    process.stderr.write("\nStopping ... (again to stop at once)\n");
    cancel.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return cancel;
}
