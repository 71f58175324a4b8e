import { BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions, type WebContents } from "electron";

/** The system's dialogs, over the window that asks. Each resolves with null when it was closed. */

/** Since Electron 43 dialogs would start in Downloads each time: `start` is where they begin. */
export function chooseFolders(sender: WebContents, start: string | null): Promise<string[] | null> {
  return open(sender, { title: "Choose the night's folder", properties: ["openDirectory", "multiSelections"], ...begin(start) });
}

export function chooseFrames(sender: WebContents, start: string | null, endings: readonly string[]): Promise<string[] | null> {
  // Linux tells upper from lower case in names' endings, cameras do not.
  const extensions = endings.flatMap((ending) => [ending, ending.toUpperCase()]);
  const filters = [
    { name: "Frames", extensions },
    { name: "All files", extensions: ["*"] },
  ];
  return open(sender, { title: "Choose frames", properties: ["openFile", "multiSelections"], filters, ...begin(start) });
}

const RULES = [{ name: "Rules", extensions: ["json"] }];

export async function chooseRules(sender: WebContents, start: string | null): Promise<string | null> {
  const paths = await open(sender, { title: "Load rules", properties: ["openFile"], filters: RULES, ...begin(start) });
  return paths?.[0] ?? null;
}

/** The system asks before a file that is there is replaced. */
export async function chooseRulesName(sender: WebContents, start: string): Promise<string | null> {
  const options: SaveDialogOptions = {
    title: "Save rules",
    defaultPath: start,
    filters: RULES,
    properties: ["createDirectory", "showOverwriteConfirmation"],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return answer.canceled || !answer.filePath ? null : answer.filePath;
}

function begin(start: string | null): { defaultPath?: string } {
  return start === null ? {} : { defaultPath: start };
}

async function open(sender: WebContents, options: OpenDialogOptions): Promise<string[] | null> {
  const window = BrowserWindow.fromWebContents(sender);
  const answer = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return answer.canceled || answer.filePaths.length === 0 ? null : answer.filePaths;
}
