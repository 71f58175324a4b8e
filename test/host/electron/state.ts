import { EventEmitter } from "node:events";
import type { Browser, BrowserContext } from "playwright-core";

/** What the Electron stand-in and the specs share: one app runs in one process, as in Electron. */
export interface HostState {
  browser: Browser | null;
  context: BrowserContext | null;
  userData: string;
  schemes: Map<string, (request: Request) => Promise<Response>>;
  handlers: Map<string, (event: unknown, ...args: unknown[]) => unknown>;
  ipc: EventEmitter;
  /** What the next open dialogs answer: paths, or null for a user who closes it. */
  dialogAnswers: (string[] | null)[];
  dialogsShown: unknown[];
  /** What was shown in the system's file manager. */
  revealed: string[];
  /** The application menu as the app built it. */
  menu: unknown;
  permissionRequest: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null;
  permissionCheck: ((...args: unknown[]) => boolean) | null;
  /** Requests that wanted to leave the app; all were refused. */
  outside: string[];
  /** What pages wrote to their console as errors. */
  complaints: string[];
  quitted: boolean;
}

export const host: HostState = {
  browser: null,
  context: null,
  userData: ".",
  schemes: new Map(),
  handlers: new Map(),
  ipc: new EventEmitter(),
  dialogAnswers: [],
  dialogsShown: [],
  revealed: [],
  menu: null,
  permissionRequest: null,
  permissionCheck: null,
  outside: [],
  complaints: [],
  quitted: false,
};
