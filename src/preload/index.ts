import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { MethodName } from "../shared/channels.ts";
import { ABORT_CHANNEL, BRIDGE_NAME, callChannel, DROP_CHANNEL, EVENT_NAMES, eventChannel, METHOD_NAMES } from "../shared/channels.ts";

const invoke = (method: MethodName) => (input: unknown, call: string | null) => ipcRenderer.invoke(callChannel(method), { call, input });

// The listener never sees Electron's event: its `sender` would hand the page the whole of ipcRenderer.
const subscribe = (channel: string) => (listener: (payload: unknown) => void) => {
  const forward = (_event: unknown, payload: unknown) => listener(payload);
  ipcRenderer.on(channel, forward);
  return () => {
    ipcRenderer.off(channel, forward);
  };
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, {
  call: Object.fromEntries(METHOD_NAMES.map((method) => [method, invoke(method)])),
  on: Object.fromEntries(EVENT_NAMES.map((event) => [event, subscribe(eventChannel(event))])),
  abort: (call: string) => ipcRenderer.send(ABORT_CHANNEL, call),
  dropped: (files: File[]) =>
    ipcRenderer.invoke(
      DROP_CHANNEL,
      files.map((file) => webUtils.getPathForFile(file)),
    ),
});
