import type { Page } from "playwright-core";

const SHIFT = 8;

/** A press on a keyboard of another country: the character it makes, and the key that Americans know by `code`. */
export async function pressForeign(page: Page, press: { key: string; code: string; shift?: boolean; repeat?: boolean }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { key, code, shift = false, repeat = false } = press;
  const event = { key, code, modifiers: shift ? SHIFT : 0, windowsVirtualKeyCode: code.charCodeAt(code.length - 1) };
  await session.send("Input.dispatchKeyEvent", { type: "keyDown", text: key, autoRepeat: repeat, ...event });
  await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  await session.detach();
}
