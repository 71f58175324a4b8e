import { EventEmitter } from "node:events";
import { host } from "./state.ts";
import { BrowserWindow, created } from "./window.ts";

/**
 * The part of Electron's API that the main bundle uses, over Chromium pages. It stands in for Electron where its binary
 * cannot be had; whatever it lacks is undefined and fails loudly.
 */

export { BrowserWindow };

class App extends EventEmitter {
  readonly isPackaged = true;
  #sandboxed = false;

  enableSandbox(): void {
    this.#sandboxed = true;
  }
  get sandboxed(): boolean {
    return this.#sandboxed;
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  async whenReady(): Promise<void> {}
  getVersion(): string {
    return "0.0.0-host";
  }
  getPath(): string {
    return host.userData;
  }
  quit(): void {
    if (host.quitted) return;
    let prevented = false;
    this.emit("will-quit", {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (prevented) return;
    host.quitted = true;
    this.emit("quit");
  }
  exit(): void {
    host.quitted = true;
    this.emit("quit");
  }
}

export const app = new App();
created.on("contents", (contents) => app.emit("web-contents-created", {}, contents));
created.on("all-closed", () => app.emit("window-all-closed"));

export const ipcMain = {
  handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => {
    if (host.handlers.has(channel)) throw new Error(`second handler for '${channel}'`);
    host.handlers.set(channel, handler);
  },
  removeHandler: (channel: string) => void host.handlers.delete(channel),
  on: (channel: string, listener: (...args: unknown[]) => void) => void host.ipc.on(channel, listener),
  off: (channel: string, listener: (...args: unknown[]) => void) => void host.ipc.off(channel, listener),
};

export const protocol = {
  registerSchemesAsPrivileged: (_schemes: { scheme: string }[]) => {},
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void host.schemes.set(scheme, handler),
};

export const dialog = {
  showOpenDialog: async (...args: unknown[]) => {
    host.dialogsShown.push(args.at(-1));
    const answer = host.dialogAnswers.shift() ?? null;
    return { canceled: answer === null, filePaths: answer ?? [] };
  },
  showSaveDialog: async (...args: unknown[]) => {
    host.dialogsShown.push(args.at(-1));
    const [path] = host.dialogAnswers.shift() ?? [];
    return { canceled: path === undefined, filePath: path ?? "" };
  },
  showErrorBox: (title: string, content: string) => {
    host.complaints.push(`${title}: ${content}`);
  },
};

export const shell = {
  showItemInFolder: (path: string) => void host.revealed.push(path),
};

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => {
    host.menu = menu;
  },
};

export const nativeTheme = { themeSource: "system" };

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof host.permissionRequest>) => {
      host.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler: NonNullable<typeof host.permissionCheck>) => {
      host.permissionCheck = handler;
    },
    setDevicePermissionHandler: () => {},
  },
};

export const net = { fetch: (url: string) => fetch(url) };
