import type { Command } from "commander";
import type { Services } from "../services.ts";

/** What a topic's file needs to add its commands to the program. */
export interface CommandLine {
  program: Command;
  /** Opens the services, does the work, closes them, and makes the returned number the exit code (outcome.ts). */
  withServices: (options: { cache?: boolean; threads?: number }, work: (services: Services) => Promise<number>) => Promise<void>;
  /** For commands that need no services. */
  exitWith: (code: number) => void;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** Adds the commands of one topic. */
export type AddCommands = (line: CommandLine) => void;
