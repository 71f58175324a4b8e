import { z } from "zod";
import { REASON_CODES, type Report } from "./domain.ts";
import { ERROR_CATALOGUE, type ErrorCode, NebuliftError } from "./errors.ts";

/**
 * What everything that works on a report leans on. Members that a later version adds are kept as they are; what is named
 * here must be as it says, because a report may have travelled, been cut off or been edited.
 */
const number = z.number().nullable();
const code = z.enum(REASON_CODES);
const verdict = z.enum(["clean", "contaminated", "review", "not-light", "unreadable"]);

const where = z.looseObject({
  cells: z.array(z.tuple([z.int(), z.int()])).exactOptional(),
  lines: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])).exactOptional(),
});

const reason = z.looseObject({
  code,
  severity: z.enum(["info", "soft", "hard"]),
  metric: z.string(),
  value: number,
  unit: z.string(),
  baseline: number,
  z: number,
  limit: number,
  where: where.nullable(),
  rule: z.string().exactOptional(),
});

const metadata = z.looseObject({
  width: z.number(),
  height: z.number(),
  exposure: number.exactOptional(),
  time: number.exactOptional(),
  filter: z.string().nullable().exactOptional(),
  object: z.string().nullable().exactOptional(),
});

const frame = z.looseObject({
  path: z.string().min(1),
  content: z.string().nullable().exactOptional(),
  decided: z
    .looseObject({ verdict: z.enum(["clean", "contaminated", "review"]), cause: code.nullable(), when: z.number() })
    .nullable()
    .exactOptional(),
  verdict,
  probability: z.number().min(0).max(1).nullable(),
  basis: z.enum(["session", "absolute"]),
  comparedWith: z.number(),
  group: z.string().nullable(),
  reasons: z.array(reason),
  measurements: z.record(z.string(), number).nullable(),
  metadata: metadata.nullable(),
  notLight: z.string().nullable(),
  warnings: z.array(z.looseObject({ code: z.string(), detail: z.string() })),
  error: z
    .looseObject({
      code: z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      action: z.string(),
      detail: z.string(),
    })
    .nullable(),
  sortedTo: z.string().nullable(),
});

const stretch = z.looseObject({
  shadows: z.number(),
  midtones: z.number(),
  highlights: z.number(),
  range: z.tuple([z.number(), z.number()]),
});

const report = z.looseObject({
  schema: z.literal(1),
  app: z.string(),
  input: z.string(),
  settings: z.record(z.string(), z.unknown()),
  summary: z.looseObject({}),
  groups: z.array(
    z.looseObject({
      id: z.string(),
      frames: z.number(),
      stretch: stretch.nullable().exactOptional(),
      baseline: z.record(z.string(), z.unknown()),
    }),
  ),
  frames: z.array(frame),
  sort: z.looseObject({ output: z.string() }).exactOptional(),
});

/** Reads the text of a report, schema 1; `name` is what errors call it. Throws `bad-report`. */
export function parseReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new NebuliftError("bad-report", `${name} is no whole JSON document`, error);
  }
  const checked = report.safeParse(value);
  if (!checked.success) throw new NebuliftError("bad-report", `${name}: ${firstIssue(checked.error)}`, checked.error);
  // The schema spells out what is leaned on; the rest of the type is what reportOf writes beside it.
  return value as Report;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const place = issue?.path.map(String).join(".") ?? "";
  return `${place === "" ? "" : `${place}: `}${issue?.message ?? "not a report"}`;
}
