import { createServices, type Services } from "../services.ts";

/** Beside the source in a checkout, beside the bundle in the built program. */
export function workerUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "../engine/worker.ts" : "./worker.js", import.meta.url);
}

export function openServices(options: { remember?: boolean; threads?: number | undefined }): Services {
  return createServices({
    workerUrl: workerUrl(),
    environment: process.env,
    remember: options.remember,
    threads: options.threads,
    onTrouble: (error) => process.stderr.write(`nebulift: ${error.message} ${error.action}\n`),
  });
}
