import {
  applyRulesTo,
  type JudgedNight,
  type JudgeSettings,
  judgeNight,
  type NightFrame,
  type RuleNight,
  ruleNight,
} from "../../verdict/index.ts";

/**
 * A night judged without the user's rules, which can then be laid over it as often as a limit is dragged: rules never move
 * what frames are held against, so nothing else needs judging anew.
 */
export class Judging {
  readonly #lights: readonly NightFrame[];
  readonly #unruled: JudgedNight;
  readonly #basis: string;
  #ruleNight: RuleNight | null = null;

  constructor(lights: readonly NightFrame[], settings: JudgeSettings) {
    this.#lights = lights;
    this.#unruled = judgeNight(lights, { ...settings, rules: [] });
    this.#basis = basisOf(settings);
  }

  /** What rules are asked of. */
  get ruleNight(): RuleNight {
    this.#ruleNight ??= ruleNight(this.#lights, this.#unruled);
    return this.#ruleNight;
  }

  /** The same frames by other settings; judges anew only where more than rules differs. */
  by(settings: JudgeSettings): Judging {
    return basisOf(settings) === this.#basis ? this : new Judging(this.#lights, settings);
  }

  /** The night with these rules of the user. */
  ruled(settings: JudgeSettings): JudgedNight {
    if (settings.rules.length === 0) return this.#unruled;
    const judged: JudgedNight = { ...this.#unruled, frames: new Map(this.#unruled.frames), rules: [] };
    judged.rules.push(...applyRulesTo(this.ruleNight, judged, settings));
    return judged;
  }
}

/** Everything that judging depends on besides rules. */
function basisOf({ rules: _rules, ...rest }: JudgeSettings): string {
  return JSON.stringify(rest);
}
