import type { Risk } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import { type Mode, modeSchema, type Settings } from "../settings.ts";
import { isInWindow, windowInWords } from "./change-window.ts";

export interface ModeDecision {
  readonly mode: Mode;
  /** Where the mode comes from, for a person. */
  readonly because: string;
}

const generalTag = "rds-responder:mode";
const strictness = { observe: 0, approve: 1, auto: 2 } as const satisfies Record<Mode, number>;

/**
 * SPEC A41: the tag for this risk over the general tag over the settings; then the change window. A tag that cannot
 * be read is the strictest mode. The general tag never loosens what is irreversible: that takes its own tag or
 * the settings, so that "auto" written for kills does not also allow failovers.
 * @param at ISO time.
 */
export function modeOf(
  target: Pick<Target, "name" | "tags">,
  risk: Risk,
  settings: Settings,
  at: string,
): ModeDecision {
  const decided = modeByTag(target, risk, settings);
  const { changeWindow } = settings.policy;
  if (decided.mode !== "auto" || changeWindow === null || isInWindow(changeWindow, Date.parse(at))) {
    return decided;
  }
  return {
    mode: "approve",
    because: `${decided.because}, but ${at} is outside the change window (${windowInWords(changeWindow)})`,
  };
}

function modeByTag(target: Pick<Target, "name" | "tags">, risk: Risk, settings: Settings): ModeDecision {
  const configured: ModeDecision = {
    mode: settings.policy.modes[risk],
    because: `policy.modes.${risk} is ${settings.policy.modes[risk]}`,
  };
  const own = readTag(target, `${generalTag}-${risk}`);
  if (own !== null) return own;
  const general = readTag(target, generalTag);
  if (general === null) return configured;
  const loosens = strictness[general.mode] > strictness[configured.mode];
  if (risk === "irreversible" && loosens) {
    return {
      mode: configured.mode,
      because: `${configured.because}, and tag ${generalTag} does not loosen it (tag ${generalTag}-${risk} does)`,
    };
  }
  return general;
}

function readTag({ name, tags }: Pick<Target, "name" | "tags">, key: string): ModeDecision | null {
  const value = tags[key];
  if (value === undefined) return null;
  const mode = modeSchema.safeParse(value.trim().toLowerCase());
  if (mode.success) return { mode: mode.data, because: `tag ${key} of ${name} is ${mode.data}` };
  return {
    mode: "observe",
    because: `tag ${key} of ${name} is ${JSON.stringify(value)}, which is none of ${modeSchema.options.join(", ")}, so that observe holds`,
  };
}
