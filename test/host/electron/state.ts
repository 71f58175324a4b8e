import { EventEmitter } from "node:events";
import type { Browser, BrowserContext } from "playwright-core";

/** What the Electron stand-in and the specs share: one app runs in one process, as in Electron. */
export interface HostState {
  browser: Browser | null;
  context: BrowserContext | null;
  userData: string;
  /** What app.isPackaged says. */
  packaged: boolean;
  /** Steps of the start whose order matters, as they were taken. */
  steps: string[];
  schemes: Map<string, (request: Request) => Promise<Response>>;
  privileges: { scheme: string; privileges?: Record<string, boolean> }[];
  handlers: Map<string, (event: unknown, ...args: unknown[]) => unknown>;
  ipc: EventEmitter;
  /** What the next dialogs for opening and saving answer, in order: paths, or null for a user who closes them. */
  dialogAnswers: (string[] | null)[];
  /** Which button the next message boxes are answered by; the first when there is none. */
  messageAnswers: number[];
  /** The options of every dialog and message box that was shown. */
  dialogsShown: unknown[];
  /** What was shown in the file manager, and what was handed to other programs. */
  revealed: string[];
  openedElsewhere: string[];
  clipboard: string;
  /** The application menu as the app built it. */
  menu: unknown;
  permissionRequest: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null;
  permissionCheck: ((...args: unknown[]) => boolean) | null;
  devicePermission: ((details: unknown) => boolean) | null;
  beforeRequest: ((details: { url: string }, answer: (what: { cancel?: boolean }) => void) => void) | null;
  /** Switches of Chromium that the app set before it was ready. */
  switches: Map<string, string>;
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
  packaged: true,
  steps: [],
  schemes: new Map(),
  privileges: [],
  handlers: new Map(),
  ipc: new EventEmitter(),
  dialogAnswers: [],
  messageAnswers: [],
  dialogsShown: [],
  revealed: [],
  openedElsewhere: [],
  clipboard: "",
  menu: null,
  permissionRequest: null,
  permissionCheck: null,
  devicePermission: null,
  beforeRequest: null,
  switches: new Map(),
  outside: [],
  complaints: [],
  quitted: false,
};
