import { BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions, type WebContents } from "electron";
import type { WorkDialogs } from "./work-answers.ts";

/** The system's own dialogs over the window that asks. */
export const WORK_DIALOGS: WorkDialogs = {
  chooseFolder: async (sender, { title, start }) => {
    const options: OpenDialogOptions = { title, defaultPath: start, properties: ["openDirectory", "createDirectory"] };
    const window = windowOf(sender);
    const { canceled, filePaths } = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
    return canceled ? null : (filePaths[0] ?? null);
  },
  chooseName: async (sender, { title, suggestion, file }) => {
    const options: SaveDialogOptions = {
      title,
      defaultPath: suggestion,
      filters: file === null ? [] : [{ name: file.name, extensions: [file.extension] }],
      // Linux would replace what is there without a word.
      properties: ["createDirectory", "showOverwriteConfirmation"],
    };
    const window = windowOf(sender);
    const { canceled, filePath } = window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
    return canceled || filePath === "" ? null : filePath;
  },
};

function windowOf(sender: WebContents): BrowserWindow | null {
  return BrowserWindow.fromWebContents(sender);
}
