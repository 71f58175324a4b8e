import type { NebuliftApi } from "../../src/shared/contract.ts";

declare global {
  interface Window {
    /** What the preload puts into the page; the specs call it as the page does. */
    readonly nebulift: NebuliftApi<File>;
  }
}
