import { prepareDesktop, runDesktop } from "./electron/desktop.ts";
import { createServices } from "./services.ts";

prepareDesktop();
runDesktop({
  createServices: (onTrouble) =>
    createServices({
      workerUrl: new URL("./worker.js", import.meta.url),
      simulatorUrl: new URL("./simulator.js", import.meta.url),
      judgeUrl: new URL("./judge.js", import.meta.url),
      environment: process.env,
      onTrouble,
    }),
  preload: new URL("../preload/index.cjs", import.meta.url),
  window: new URL("../renderer/", import.meta.url),
});
