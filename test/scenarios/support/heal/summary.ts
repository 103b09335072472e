import type { Healing } from "../../heal-one.ts";

export interface Played extends Healing {
  readonly name: string;
  /** Its fault is none: nothing may be done. */
  readonly healthy: boolean;
  /** By its recording the responder may remedy it: counted, whether it was proposed this time or not. */
  readonly due: boolean;
}

/** Counts of `npm run heal`. */
export interface HealSummary {
  /** Their cause has a remedy that the responder may carry out on the database. */
  readonly remediable: number;
  readonly healed: number;
  readonly share: string;
  /** Seen, and over before anything was sent: neither remediable nor healed. */
  readonly overByItself: number;
  readonly hurtSessions: number;
  readonly hurtStatements: number;
  readonly hurtRows: number;
  readonly hurtObjects: number;
  /** Something was done, and it did not become well. */
  readonly inVain: number;
  /** A guard said no, and nothing was done. */
  readonly refused: number;
  /** Of what was healed by what does not go on by itself after its call. */
  readonly medianSeconds: number | null;
  readonly lookAlikes: number;
  /** Look-alikes to which something was done: must be none. */
  readonly disturbed: number;
}

export function summaryOf(played: readonly Played[]): HealSummary {
  const sick = played.filter(isSick);
  const well = sick.filter(({ healed }) => healed);
  const times = well
    .flatMap(({ seconds, instant }) => (instant && seconds !== null ? [seconds] : []))
    .toSorted((a, b) => a - b);
  const hurt = played.flatMap(({ bystanders }) => bystanders);
  const of = (kind: string): number => hurt.filter((one) => one.kind === kind).length;
  const healthy = played.filter((one) => one.healthy);
  return {
    remediable: sick.length,
    healed: well.length,
    share: sick.length === 0 ? "none" : `${((100 * well.length) / sick.length).toFixed(1)} %`,
    overByItself: played.filter(isOver).length,
    hurtSessions: of("session"),
    hurtStatements: of("statement"),
    hurtRows: of("rows"),
    hurtObjects: of("objects"),
    inVain: sick.filter((one) => !one.healed && hasActed(one)).length,
    refused: sick.filter((one) => !one.healed && !hasActed(one) && one.refused.length > 0).length,
    medianSeconds: times[Math.floor(times.length / 2)] ?? null,
    lookAlikes: healthy.length,
    disturbed: healthy.filter(hasActed).length,
  };
}

function isSick(one: Played): boolean {
  return isTheirs(one) && !isOver(one);
}

function isOver(one: Played): boolean {
  const { root, healed, left } = one;
  return isTheirs(one) && root !== null && !healed && left.length === 0 && !hasActed(one);
}

/** The responder may do something about it. */
function isTheirs({ healthy, remediable, due }: Played): boolean {
  return !healthy && (remediable || due);
}

export function hasActed({ steps }: Pick<Healing, "steps">): boolean {
  return steps.some(({ acted }) => acted);
}

export function wordOf(one: Played): string {
  const { bystanders, healthy, healed } = one;
  if (bystanders.length > 0) return "BYSTANDER";
  if (healthy) return hasActed(one) ? "DISTURBED" : "let be";
  if (isOver(one)) return "over";
  if (!isSick(one)) return "apart";
  if (healed) return "healed";
  return hasActed(one) ? "in vain" : "left";
}

/** One line on how it went. */
export function describeHealing(one: Played): string {
  const { root, steps, refused, bystanders, seconds, remediable, apart, left, healthy } = one;
  const done = steps.map(({ action, unasked, status }) => `${action} ${status}${unasked ? "" : " (asked)"}`);
  const open = wordOf(one) === "in vain" || wordOf(one) === "left";
  return [
    root ?? "nothing found",
    ...(healthy || remediable ? [] : [apart]),
    ...done,
    ...(hasActed(one) ? [] : refused.map(({ guard, reason }) => `refused by ${guard}: ${reason}`)),
    ...bystanders.map(({ kind, says }) => `hurt ${kind}: ${says}`),
    ...(open && left.length > 0 ? [`left: ${left.join(", ")}`] : []),
    ...(seconds === null ? [] : [`${seconds.toFixed(1)} s`]),
  ].join("; ");
}
