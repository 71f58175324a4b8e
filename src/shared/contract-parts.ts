import { z } from "zod";
import type { ReportFrame, ReportGroup, ReportSummary, Stretch } from "./domain.ts";
import { REASON_CODES } from "./domain.ts";
import type { ErrorEnvelope } from "./errors.ts";
import { ERROR_CATALOGUE } from "./errors.ts";

/** Schemas of the nouns that several methods of the contract carry. */

export const finite = z.number().finite();
export const count = z.int().nonnegative();

/** A path as the operating system gives it; 32 767 is the longest that Windows knows. */
export const path = z
  .string()
  .min(1)
  .max(32_767)
  .refine((text) => !text.includes("\0"), "holds a zero byte");

export const errorCode = z
  .string()
  .refine((code): code is ErrorEnvelope["code"] => Object.hasOwn(ERROR_CATALOGUE, code), "is no known code");

export const errorEnvelopeSchema = z.strictObject({
  code: errorCode,
  message: z.string(),
  action: z.string(),
  detail: z.string(),
}) satisfies z.ZodType<ErrorEnvelope>;

const verdictKind = z.enum(["clean", "contaminated", "review", "not-light", "unreadable"]);
export const decidedVerdict = z.enum(["clean", "contaminated", "review"]);
export const reasonCode = z.enum(REASON_CODES);
const basis = z.enum(["session", "absolute"]);

const reason = z.strictObject({
  code: reasonCode,
  severity: z.enum(["info", "soft", "hard"]),
  metric: z.string(),
  value: finite.nullable(),
  unit: z.string(),
  baseline: finite.nullable(),
  z: finite.nullable(),
  limit: finite.nullable(),
  where: z
    .strictObject({
      cells: z.array(z.tuple([count, count])).exactOptional(),
      lines: z.array(z.tuple([finite, finite, finite, finite])).exactOptional(),
    })
    .nullable(),
  rule: z.string().exactOptional(),
});

// Metadata grows with what file formats know, so only what the window leans on is spelled out.
const metadata = z.looseObject({
  format: z.enum(["fits", "fits-tiles", "xisf", "tiff", "png", "jpeg", "raw"]),
  width: count,
  height: count,
  planes: count,
  rowOrder: z.enum(["top-down", "bottom-up"]).exactOptional(),
});

const stretch = z.strictObject({
  shadows: finite,
  midtones: finite,
  highlights: finite,
  range: z.tuple([finite, finite]),
}) satisfies z.ZodType<Stretch>;

export const reportFrame = z.strictObject({
  path,
  content: z.string().nullable().exactOptional(),
  decided: z.strictObject({ verdict: decidedVerdict, cause: reasonCode.nullable(), when: finite }).nullable().exactOptional(),
  verdict: verdictKind,
  probability: finite.min(0).max(1).nullable(),
  basis,
  comparedWith: count,
  group: z.string().nullable(),
  reasons: z.array(reason),
  measurements: z.record(z.string(), finite.nullable()).nullable(),
  metadata: metadata.nullable(),
  notLight: z.string().nullable(),
  warnings: z.array(
    z.strictObject({
      code: z.enum(["checksum-mismatch", "short-last-block", "odd-header", "bad-metadata", "unknown-row-order"]),
      detail: z.string(),
    }),
  ),
  error: errorEnvelopeSchema.nullable(),
  sortedTo: z.string().nullable(),
}) satisfies z.ZodType<ReportFrame>;

export const reportGroup = z.strictObject({
  id: z.string(),
  frames: count,
  stretch: stretch.nullable().exactOptional(),
  baseline: z.record(z.string(), z.strictObject({ median: finite, sigma: finite, unit: z.string() })),
}) satisfies z.ZodType<ReportGroup>;

export const reportSummary = z.strictObject({
  clean: count,
  contaminated: count,
  review: count,
  notLight: count,
  unreadable: count,
  minutes: z.strictObject({ clean: finite, contaminated: finite, review: finite, keptDespiteTrail: finite }),
}) satisfies z.ZodType<ReportSummary>;
