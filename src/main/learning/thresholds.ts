import { z } from "zod";
import { NebuliftError } from "../../shared/errors.ts";
import { type Settings, settingGroup } from "../storage/index.ts";
import { type CalibrationMap, DEFAULT_SETTINGS, type JudgeSettings, type Limits } from "../verdict/index.ts";

const LIMIT_NAMES = Object.keys(DEFAULT_SETTINGS.limits) as (keyof Limits)[];

/** Limits that are shares stay shares; ratios and arcsec are above 0. */
const limits = z
  .partialRecord(z.enum(LIMIT_NAMES), z.number().gt(0).max(100))
  .refine((some) => LIMIT_NAMES.every((name) => DEFAULT_SETTINGS.limits[name] > 1 || (some[name] ?? 0) <= 1), "a share is at most 1");

const logOdds = z.number().min(-20).max(20);
const rising = (knots: readonly (readonly [number, number])[]): boolean =>
  knots.every(([x, y], i) => i === 0 || (x > knots[i - 1][0] && y > knots[i - 1][1]));

export const calibrationSchema: z.ZodType<CalibrationMap> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("logit"), slope: z.number().min(0.05).max(20), offset: logOdds }),
  z.strictObject({
    kind: z.literal("knots"),
    knots: z
      .array(z.tuple([logOdds, logOdds]))
      .min(2)
      .max(64)
      .refine(rising, "knots must rise in both numbers"),
  }),
]);

/** What may be put in force beside the built-in judgement; what is missing is as built in. */
const thresholdsSchema = z.strictObject({
  limits: limits.exactOptional(),
  trails: z.enum(["auto", "strict", "ignore"]).exactOptional(),
  leastGroup: z.int().min(3).max(1000).exactOptional(),
  // A trail that the policy calls contaminated has the probability 0.9.
  review: z
    .tuple([z.number().min(0.01).max(0.9), z.number().min(0.01).max(0.9)])
    .refine(([from, to]) => from <= to, "the band must not end below its beginning")
    .exactOptional(),
  calibration: calibrationSchema.nullable().exactOptional(),
  notable: z.number().min(1).max(20).exactOptional(),
});
type Thresholds = z.infer<typeof thresholdsSchema>;

const proposalSchema = z.looseObject({
  thresholds: thresholdsSchema,
  /** Milliseconds since 1970. */
  made: z.number(),
  labels: z.number(),
  nights: z.number(),
});
type StoredProposal = z.infer<typeof proposalSchema>;

interface KeptThresholds {
  inForce: Thresholds | null;
  proposed: StoredProposal | null;
}

const KEPT = settingGroup<KeptThresholds>(
  "thresholds",
  z.strictObject({ inForce: thresholdsSchema.nullable(), proposed: proposalSchema.nullable() }),
  { inForce: null, proposed: null },
);

/** The thresholds that judge a user's frames, and those that labels propose instead. */
export class ThresholdStore {
  readonly #settings: Settings | null;

  /** Without a store the built-in thresholds hold. */
  constructor(settings: Settings | null) {
    this.#settings = settings;
  }

  /** What frames are judged by. */
  inForce(): JudgeSettings {
    return settingsWith(this.#kept().inForce);
  }

  /** What of it the user has put in force; null when it is the built-in judgement. */
  changed(): Thresholds | null {
    return this.#kept().inForce;
  }

  proposed(): StoredProposal | null {
    return this.#kept().proposed;
  }

  propose(proposal: StoredProposal): void {
    this.#change({ proposed: proposal });
  }

  /** Puts the proposal in force; what else was changed stays. Throws `bad-thresholds` without a proposal. */
  promoteProposal(): JudgeSettings {
    const { inForce, proposed } = this.#kept();
    if (!proposed) throw new NebuliftError("bad-thresholds", "nothing is proposed; `calibrate` makes a proposal");
    return this.#put({ ...inForce, ...proposed.thresholds });
  }

  /** Puts exactly these in force. */
  promote(thresholds: Thresholds): JudgeSettings {
    return this.#put(thresholds);
  }

  /** Back to the built-in judgement; the proposal stays. */
  reset(): JudgeSettings {
    return this.#put(null);
  }

  #put(inForce: Thresholds | null): JudgeSettings {
    return settingsWith(this.#change({ inForce }).inForce);
  }

  #kept(): KeptThresholds {
    return this.#settings?.get(KEPT) ?? KEPT.defaults;
  }

  /** Thresholds that only seem to be in force would be worse than an error. */
  #change(change: Partial<KeptThresholds>): KeptThresholds {
    if (!this.#settings) throw new NebuliftError("bad-usage", "thresholds are not kept without the store");
    const whole = this.#settings.change(KEPT, change);
    if (!this.#settings.isSaved(KEPT)) throw new NebuliftError("output-unwritable", "the thresholds could not be saved");
    return whole;
  }
}

function settingsWith(thresholds: Thresholds | null): JudgeSettings {
  return { ...DEFAULT_SETTINGS, ...thresholds, limits: { ...DEFAULT_SETTINGS.limits, ...thresholds?.limits } };
}

/**
 * Reads thresholds from JSON: an object with any of limits, review, calibration, trails, leastGroup, notable, or what
 * `show-thresholds --json` prints. Throws `bad-thresholds`.
 */
export function parseThresholds(text: string, name: string): Thresholds {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new NebuliftError("bad-thresholds", `${name} is no JSON: ${error.message}`, error);
  }
  const shown = typeof value === "object" && value !== null && "inForce" in value ? value.inForce : value;
  const checked = thresholdsSchema.safeParse(shown);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new NebuliftError("bad-thresholds", `${name}: ${[...(issue?.path ?? [])].join(".")}: ${issue?.message ?? ""}`, checked.error);
}
