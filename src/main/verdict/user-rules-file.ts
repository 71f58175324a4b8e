import { z } from "zod";
import { REASON_CODES } from "../../shared/domain.ts";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { type LocatedJson, parseLocated } from "./located-json.ts";
import { noSuchName } from "./nearest-name.ts";
import { DEFAULT_SETTINGS, type JudgeSettings, type Limits } from "./settings.ts";
import { BOUNDS, type Bound, filterKey, type RuleTest, ruleTitle, type UserRule } from "./user-rule.ts";
import { readyRule } from "./user-rule-ready.ts";

/** What a rules file says; what it leaves out stays as it is. */
export interface RuleSettings {
  rules: readonly UserRule[];
  limits: Partial<Limits>;
  filters: JudgeSettings["filters"];
  trails?: JudgeSettings["trails"];
  review?: JudgeSettings["review"];
  leastGroup?: number;
}

/** Most limits are shares of something; these are not. */
const LIMIT_RANGES: Partial<Record<keyof Limits, readonly [least: number, most: number]>> = {
  fwhmRatio: [1, 1000],
  gradient: [1, 1000],
  fwhmArcsec: [0.1, 1000],
};
const LIMIT_NAMES = Object.keys(DEFAULT_SETTINGS.limits) as (keyof Limits)[];
const limits = z
  .partialRecord(z.enum(LIMIT_NAMES), z.number())
  .default({})
  .superRefine((given, context) => {
    for (const name of LIMIT_NAMES) {
      const [least, most] = LIMIT_RANGES[name] ?? [0, 1];
      const value = given[name];
      if (value !== undefined && !(value >= least && value <= most))
        context.addIssue({ code: "custom", path: [name], message: `it must lie between ${least} and ${most}` });
    }
  });

const title = z.string().trim().min(1).max(80);
const amount = z.number().min(-1e12).max(1e12).exactOptional();
const factor = z.number().positive().max(1e6).exactOptional();
const rule = z.strictObject({
  name: title.exactOptional(),
  metric: title.exactOptional(),
  when: z.string().exactOptional(),
  above: amount,
  below: amount,
  aboveSigma: factor,
  belowSigma: factor,
  aboveRatio: factor,
  belowRatio: factor,
  worstPercent: z.number().positive().max(100).exactOptional(),
  verdict: z.enum(["contaminated", "review", "clean"]).default("contaminated"),
  code: z.enum(REASON_CODES).exclude(["too-few"]).exactOptional(),
  filters: z.array(title).min(1).max(50).exactOptional(),
} satisfies Record<Bound | "metric" | "when" | keyof Omit<UserRule, "test">, z.ZodType>);
type GivenRule = z.infer<typeof rule>;

const rules = z.array(rule).max(200).default([]);
const ofFilter = z.strictObject({ limits, rules });
const file = z.strictObject({
  trails: z.enum(["auto", "strict", "ignore"]).exactOptional(),
  review: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .refine(([from, to]) => from <= to, { error: "the first number must not be above the second" })
    .exactOptional(),
  leastGroup: z.int().min(3).max(1000).exactOptional(),
  limits,
  filters: z.record(z.string().max(80), ofFilter).default({}),
  rules,
});

type Path = readonly PropertyKey[];
interface Problem {
  path: Path;
  what: string;
}

/**
 * Reads the text of a rules file (docs/rules.md); `source` names it in messages. Throws `bad-rules` with the line, the field
 * and what is wrong there, up to three problems at once.
 */
export function parseRules(text: string, source: string): RuleSettings {
  const json = located(text, source);
  const checked = file.safeParse(json.value);
  if (!checked.success) throw refused(source, json, checked.error.issues.flatMap(problemsOf), checked.error);
  const { data } = checked;
  const problems: Problem[] = [];
  const read = (given: readonly GivenRule[], path: Path, filter: string | null): UserRule[] =>
    given.flatMap((one, index) => ruleOf(one, [...path, index], filter, problems) ?? []);
  const own = read(data.rules, ["rules"], null);
  const ofFilters = Object.entries(data.filters).flatMap(([name, given]) => read(given.rules, ["filters", name, "rules"], name));
  const filters = filterLimits(data.filters, problems);
  if (problems.length > 0) throw refused(source, json, problems);
  return {
    rules: [...own, ...ofFilters],
    limits: data.limits,
    filters,
    ...(data.trails === undefined ? {} : { trails: data.trails }),
    ...(data.review === undefined ? {} : { review: data.review }),
    ...(data.leastGroup === undefined ? {} : { leastGroup: data.leastGroup }),
  };
}

/** Settings with what a rules file says put over them. */
export function withRules(base: JudgeSettings, given: RuleSettings): JudgeSettings {
  return { ...base, ...given, limits: { ...base.limits, ...given.limits } };
}

function located(text: string, source: string): LocatedJson {
  try {
    return parseLocated(text);
  } catch (error) {
    throw new NebuliftError("bad-rules", `${source}, ${toNebuliftError(error).detail}`, error);
  }
}

function filterLimits(given: z.infer<typeof file>["filters"], problems: Problem[]): JudgeSettings["filters"] {
  const out: { filter: string; limits: Partial<Limits> }[] = [];
  for (const [name, { limits: own }] of Object.entries(given)) {
    const same = out.find(({ filter }) => filterKey(filter) === filterKey(name));
    if (same) problems.push({ path: ["filters", name], what: `this is the same filter as ${JSON.stringify(same.filter)}` });
    else if (filterKey(name) === "") problems.push({ path: ["filters", name], what: "a filter needs a name" });
    else out.push({ filter: name, limits: own });
  }
  return out;
}

/** The rule in its own form; null with the problem noted when it makes no sense. */
function ruleOf(given: GivenRule, path: Path, filter: string | null, problems: Problem[]): UserRule | null {
  const test = testOf(given, path, problems);
  if (test === null) return null;
  if (filter !== null && given.filters) {
    problems.push({ path: [...path, "filters"], what: `the rule already stands under the filter ${JSON.stringify(filter)}` });
    return null;
  }
  const filters = filter === null ? (given.filters ?? null) : [filter];
  const name = given.name ?? ruleTitle(test);
  const made: UserRule = { name, verdict: given.verdict, code: given.code ?? null, filters, test };
  try {
    readyRule(made);
    return made;
  } catch (error) {
    problems.push({ path: [...path, "when" in test ? "when" : "metric"], what: toNebuliftError(error).detail });
    return null;
  }
}

function testOf(given: GivenRule, path: Path, problems: Problem[]): RuleTest | null {
  const bounds = BOUNDS.filter((bound) => given[bound] !== undefined);
  const wrong = (what: string): null => {
    problems.push({ path, what });
    return null;
  };
  if (given.when !== undefined) {
    if (given.metric !== undefined || bounds.length > 0) return wrong('a rule has either "when" or a "metric", not both');
    return { when: given.when };
  }
  if (given.metric === undefined) return wrong('a rule needs a "metric" with a limit, or "when" with an expression');
  const [bound] = bounds;
  const limit = bound === undefined ? undefined : given[bound];
  if (bound === undefined || limit === undefined || bounds.length > 1)
    return wrong(`a metric needs exactly one of ${BOUNDS.join(", ")}${bounds.length > 1 ? `, not ${bounds.join(" and ")}` : ""}`);
  return { metric: given.metric, bound, limit };
}

/** Names that may stand at a place of the file, to tell which was probably meant. */
function namesAt(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(file.shape);
  if (path.at(-1) === "limits") return LIMIT_NAMES;
  return Object.keys(path.at(-2) === "rules" ? rule.shape : ofFilter.shape);
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, what: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], what: `${noSuchName(key, namesAt(issue.path))} here` }));
}

const MOST_PROBLEMS = 3;

function refused(source: string, json: LocatedJson, problems: readonly Problem[], cause?: unknown): NebuliftError {
  const told = problems.slice(0, MOST_PROBLEMS).map(({ path, what }) => {
    const field = fieldName(path);
    return `line ${json.lineOf(path)}${field === "" ? "" : `, ${field}`}: ${what}`;
  });
  const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : "";
  return new NebuliftError("bad-rules", `${source}, ${told.join("; ")}${more}`, cause);
}

/** `filters.Ha.rules[2].metric` */
function fieldName(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = String(part).length > 40 ? `${String(part).slice(0, 39)}…` : String(part);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
