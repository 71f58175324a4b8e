import type { JournalRecord, PlacedRecord, PlanRecord, SessionHeader } from "./journal-records.ts";

/** One sort as its journal tells it. */
export interface SortSession {
  header: SessionHeader;
  items: SortItem[];
  /** Folders made below the output, outermost first. */
  folders: string[];
  /** The plan is whole: from here on files may have been touched. */
  ready: boolean;
  /** Every file was sorted or could not be. */
  ended: boolean;
  undoing: boolean;
  undone: boolean;
  /** Lines that could not be read: a torn last one, or worse. */
  unreadLines: number;
}

export interface SortItem {
  plan: PlanRecord;
  /** Where it goes, or went; the planned place unless that was taken. */
  to: string;
  begun: boolean;
  reserved: boolean;
  placed: PlacedRecord | null;
  done: boolean;
  failed: Trouble | null;
  undo: { begun: boolean; reserved: boolean; placed: PlacedRecord | null; done: boolean; kept: Trouble | null };
}

export interface Trouble {
  code: string;
  detail: string;
}

/** `planned`: stopped before the plan was whole; nothing was touched. */
export type SessionState = "planned" | "unfinished" | "finished" | "undoing" | "undone";

export function stateOf(session: SortSession): SessionState {
  if (session.undone) return "undone";
  if (session.undoing) return "undoing";
  if (!session.ready) return "planned";
  return session.ended ? "finished" : "unfinished";
}

/** Puts a journal's lines together; null when they do not begin with a session. */
export function sessionOf(records: readonly JournalRecord[], unreadLines: number): SortSession | null {
  const [header, ...rest] = records;
  if (header?.what !== "session") return null;
  const session: SortSession = {
    header,
    items: [],
    folders: [],
    ready: false,
    ended: false,
    undoing: false,
    undone: false,
    unreadLines,
  };
  for (const record of rest) apply(session, record);
  // Where lines are missing, an item may have been begun: it is looked at on the disk before anything is done about it.
  if (unreadLines > 0) for (const item of session.items) item.begun = true;
  return session;
}

/** Adds one line to what is known. Lines about items that were never planned say nothing. */
export function apply(session: SortSession, record: JournalRecord): void {
  switch (record.what) {
    case "session":
      return;
    case "folder":
      session.folders.push(record.path);
      return;
    case "plan":
      if (record.n === session.items.length) session.items.push(plannedItem(record));
      return;
    case "ready":
      session.ready = session.items.length === record.items;
      return;
    case "resumed":
      session.ended = false;
      for (const item of session.items) item.failed = null;
      return;
    case "stopped":
      return;
    case "end":
      session.ended = true;
      return;
    case "undo":
      session.undoing = true;
      return;
    case "undo-end":
      session.undoing = false;
      session.undone = true;
      return;
    default: {
      const item = session.items[record.n];
      if (item) applyToItem(item, record, session.undoing);
    }
  }
}

function plannedItem(plan: PlanRecord): SortItem {
  return {
    plan,
    to: plan.to,
    begun: false,
    reserved: false,
    placed: null,
    done: false,
    failed: null,
    undo: { begun: false, reserved: false, placed: null, done: false, kept: null },
  };
}

function applyToItem(item: SortItem, record: Extract<JournalRecord, { n: number }>, undoing: boolean): void {
  switch (record.what) {
    case "begin":
      item.begun = true;
      item.reserved = false;
      item.placed = null;
      item.to = record.to;
      return;
    case "reserve":
      if (undoing) item.undo.reserved = true;
      else item.reserved = true;
      return;
    case "placed":
      item.placed = placedOf(record);
      return;
    case "done":
      item.done = true;
      item.failed = null;
      return;
    case "failed":
      item.failed = { code: record.code, detail: record.detail };
      return;
    case "undo-begin":
      item.undo.begun = true;
      return;
    case "undo-placed":
      item.undo.placed = placedOf(record);
      return;
    case "undone":
      item.undo.done = true;
      return;
    case "kept":
      item.undo.kept = { code: record.code, detail: record.detail };
      return;
    case "plan":
      return;
  }
}

function placedOf({ how, sha256, size, mtime, ctime, inode }: PlacedRecord): PlacedRecord {
  return { how, sha256, size, mtime, ctime, inode };
}
