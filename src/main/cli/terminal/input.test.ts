import fc from "fast-check";
import { expect, test } from "vitest";
import { type TerminalEvent, TerminalInput } from "./input.ts";

const names = (events: TerminalEvent[]): string[] => events.map((event) => (event.kind === "key" ? event.name : "reply"));

test("keys are told by name, as terminals of every make send them", () => {
  const input = new TerminalInput();
  expect(names(input.push("kX \r\u0003\u007f\té夜"))).toEqual(["k", "X", "space", "enter", "interrupt", "backspace", "tab", "é", "夜"]);
  expect(names(input.push("\u001b[A\u001b[B\u001bOC\u001bOD\u001b[5~\u001b[6~\u001b[H\u001b[1;5C"))).toEqual([
    "up",
    "down",
    "right",
    "left",
    "page-up",
    "page-down",
    "home",
    "right",
  ]);
});

test("answers of the terminal are never keys, whole or in pieces, between keys", () => {
  const answers = [
    "\u001b_Gi=31;OK\u001b\\",
    "\u001b[?62;4;22c",
    "\u001b[4;600;800t",
    "\u001bP>|WezTerm 2024\u001b\\",
    "\u001b]11;rgb:00/00/00\u0007",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: answers.length - 1 }), { maxLength: 4 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 8 }),
      (chosen, cuts) => {
        const text = `k${chosen.map((i) => `${answers[i]}x`).join("")}`;
        const input = new TerminalInput();
        const events: TerminalEvent[] = [];
        let from = 0;
        for (const cut of [...cuts, text.length].sort((a, b) => a - b)) {
          events.push(...input.push(text.slice(from, Math.max(from, cut))));
          from = Math.max(from, Math.min(cut, text.length));
        }
        expect(names(events)).toEqual(["k", ...chosen.flatMap(() => ["reply", "x"])]);
      },
    ),
  );
});

test("ESC alone is a key only when nothing follows", () => {
  const input = new TerminalInput();
  expect(input.push("\u001b")).toEqual([]);
  expect(input.waiting).toBe(true);
  expect(names(input.flush())).toEqual(["escape"]);
  input.push("\u001b_Gi=31;OK");
  expect(input.flush()).toEqual([]);
  expect(names(input.push("k"))).toEqual(["k"]);
});

test("no bytes at all make it fail or hold on to more than a screen of them", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const input = new TerminalInput();
      input.push(`\u001b${text}`);
      input.push(`\u001b[${text}`);
      input.flush();
      return names(input.push("k")).at(-1) === "k";
    }),
  );
  const input = new TerminalInput();
  expect(input.push(`\u001b_${"A".repeat(10_000)}`)).toEqual([]);
  expect(names(input.push("k"))).toEqual(["k"]);
});
