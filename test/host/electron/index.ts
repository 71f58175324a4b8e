import { EventEmitter } from "node:events";
import { host } from "./state.ts";
import { BrowserWindow, created } from "./window.ts";

/**
 * The part of Electron's API that the main bundle uses, over Chromium pages. It stands in for Electron where its binary
 * cannot be had; whatever it lacks is undefined and fails loudly.
 */

export { BrowserWindow };

class App extends EventEmitter {
  get isPackaged(): boolean {
    return host.packaged;
  }
  enableSandbox(): void {
    host.steps.push("enableSandbox");
  }
  readonly commandLine = {
    appendSwitch: (name: string, value = "") => void host.switches.set(name, value),
  };
  requestSingleInstanceLock(): boolean {
    return true;
  }
  async whenReady(): Promise<void> {
    host.steps.push("ready");
  }
  getVersion(): string {
    return "0.0.0-host";
  }
  getName(): string {
    return "Nebulift";
  }
  getPath(): string {
    return host.userData;
  }
  quit(): void {
    if (host.quitted || this.#prevented("before-quit") || this.#prevented("will-quit")) return;
    this.exit();
  }
  exit(): void {
    host.quitted = true;
    this.emit("quit");
  }

  #prevented(event: string): boolean {
    let prevented = false;
    this.emit(event, {
      preventDefault: () => {
        prevented = true;
      },
    });
    return prevented;
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
  registerSchemesAsPrivileged: (schemes: typeof host.privileges) => {
    host.steps.push("registerSchemesAsPrivileged");
    host.privileges = schemes;
  },
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void host.schemes.set(scheme, handler),
};

/** Dialogs are called with a window before their options, or without. */
const shown = (args: unknown[]) => {
  host.dialogsShown.push(args.at(-1));
  return host.dialogAnswers.shift() ?? null;
};

export const dialog = {
  showOpenDialog: async (...args: unknown[]) => {
    const answer = shown(args);
    return { canceled: answer === null, filePaths: answer ?? [] };
  },
  showSaveDialog: async (...args: unknown[]) => {
    const [filePath = ""] = shown(args) ?? [];
    return { canceled: filePath === "", filePath };
  },
  showMessageBox: async (...args: unknown[]) => {
    host.dialogsShown.push(args.at(-1));
    return { response: host.messageAnswers.shift() ?? 0, checkboxChecked: false };
  },
  showErrorBox: (title: string, content: string) => {
    host.complaints.push(`${title}: ${content}`);
  },
};

export const shell = {
  showItemInFolder: (path: string) => void host.revealed.push(path),
  openPath: async (path: string) => {
    host.openedElsewhere.push(path);
    return "";
  },
  openExternal: async (url: string) => {
    host.openedElsewhere.push(url);
  },
};

export const clipboard = {
  writeText: async (text: string) => {
    host.clipboard = text;
  },
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
    setDevicePermissionHandler: (handler: NonNullable<typeof host.devicePermission>) => {
      host.devicePermission = handler;
    },
    webRequest: {
      onBeforeRequest: (listener: NonNullable<typeof host.beforeRequest>) => {
        host.beforeRequest = listener;
      },
    },
  },
};

export const net = { fetch: (url: string) => fetch(url) };
