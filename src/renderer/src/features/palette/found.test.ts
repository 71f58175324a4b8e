import { describe, expect, test } from "vitest";
import { COMMAND_IDS, type CommandId } from "../../../../shared/commands.ts";
import type { FrameRow, RecentNight } from "../../../../shared/contract.ts";
import { foundCommands, foundFrames, foundRecents } from "./found.ts";

const words = {
  groups: { night: "The night", review: "Deciding", look: "Looking closer", window: "The window" },
  also: { "night.export": ["Siril", "PixInsight"] },
};
const able = (...ids: CommandId[]) => ({ canRun: (id: CommandId) => ids.includes(id), nightOpen: true });
const frames = (...names: string[]) => names.map((name, index) => ({ id: `n-${index}`, name }) as FrameRow);
const recent = (title: string, path: string) => ({ id: title, title, paths: [path] }) as RecentNight;

describe("the palette", () => {
  test("lists every command but itself before anything is typed, what can be done first", () => {
    const found = foundCommands("", words, able("look.stars", "night.open"));
    expect(found.map(({ id }) => id).slice(0, 2)).toEqual(["night.open", "look.stars"]);
    expect(found).toHaveLength(COMMAND_IDS.length - 1);
  });

  test("finds a command by letters of its words in their order", () => {
    expect(foundCommands("opfo", words, able(...COMMAND_IDS))[0]?.id).toBe("night.open");
    expect(foundCommands("red night", words, able(...COMMAND_IDS))[0]?.id).toBe("window.red");
    expect(foundCommands("siril", words, able(...COMMAND_IDS)).map(({ id }) => id)).toEqual(["night.export"]);
    expect(foundCommands("xyzzy", words, able(...COMMAND_IDS))).toEqual([]);
  });

  test("says what a command waits for", () => {
    const closed = foundCommands("", words, { canRun: () => false, nightOpen: false });
    const why = (list: typeof closed, id: CommandId) => list.find((command) => command.id === id)?.why;
    expect(why(closed, "night.sort")).toBe("night");
    expect(why(closed, "review.keep")).toBe("night");
    expect(why(closed, "window.red")).toBe("now");
    const open = foundCommands("", words, able("night.sort"));
    expect(why(open, "night.sort")).toBeNull();
    expect(why(open, "review.keep")).toBe("frames");
  });

  test("finds a frame by parts of its name, and tells how many more there are", () => {
    const rows = frames("L_0001.fits", "L_0011.fits", "Ha_0011.fits", "flat.xisf");
    expect(foundFrames(rows, "HA 11", 5).rows.map(({ name }) => name)).toEqual(["Ha_0011.fits"]);
    expect(foundFrames(rows, "fits", 2)).toMatchObject({ rows: [{ name: "L_0001.fits" }, { name: "L_0011.fits" }], more: 1 });
    expect(foundFrames(rows, "  ", 5)).toEqual({ rows: [], more: 0 });
    expect(foundFrames(rows, "l0011", 5).rows).toEqual([]);
  });

  test("finds a night by its title and by its folder", () => {
    const recents = [recent("M31", "/astro/andromeda/2026-09-14"), recent("NGC 1514", "/astro/crystal ball")];
    const name = (title: string) => `Open ${title}`;
    expect(foundRecents(recents, "m31", name)[0]?.title).toBe("M31");
    expect(foundRecents(recents, "crystal", name)[0]?.title).toBe("NGC 1514");
    expect(foundRecents(recents, "", name)).toHaveLength(2);
  });
});
