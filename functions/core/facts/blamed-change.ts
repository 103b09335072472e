import { adviceOn, limitOf, wasEased } from "./change-direction.ts";
import { type ChangeRow, changeTable } from "./change-table.ts";
import type { Deviation } from "./deviations.ts";
import { type Onset, onsetOf, saidSince } from "./onset.ts";
import { boundWords, isLimit, parameterCauses } from "./parameter-causes.ts";
import { plainValue } from "./parameters-set.ts";
import { minutesSince } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { becameSmaller, type Happened, valueBefore, whatChanged } from "./what-changed.ts";

/** A change that came shortly before a deviation, and can explain it (SPEC M7). */
export interface Blamed {
  readonly change: Happened;
  readonly minutesAgo: number;
  /** "it began 12 min after the change of its class to db.r6g.large"; what to make of it is `advice`. */
  readonly says: string;
  /** With the page that makes it true. */
  readonly advice: string;
  readonly largerClass: "useless" | "last";
}

const minuteMs = 60_000;
const day = 24 * 60;
/** Points stand for the minute that begins with them, and RDS tells of a change when it has noted it. */
const slackMinutes = 2;

/**
 * The newest change that bounds what is said, or explains the first of these deviations that is there; null: none, or
 * none that was before it.
 */
export function blamedChange(
  view: View,
  deviations: readonly Deviation[],
  said = "",
  only: (change: Happened) => boolean = () => true,
): Blamed | null {
  // Most changes restart the database: the restart is blamed where nothing else is.
  const isRestart = ({ kind }: Happened): number => Number(kind === "restart");
  const changes = whatChanged(view)
    .filter(only)
    .toSorted((a, b) => isRestart(a) - isRestart(b));
  // Who would be turned away by it is told so, and not that he stays away.
  const silent = changes.filter(
    ({ name }) => said === "" || boundWords(name) === null || !deviations.includes("away"),
  );
  const bound = changes.map((change) => boundBy(view, change, said)).find((one) => one !== null);
  return (
    bound ??
    deviations.map((deviation) => blamedFor(view, deviation, silent)).find((one) => one !== null) ??
    null
  );
}

/** Of what the server says by itself the parameter is known; that it was set to less, where it is a limit, may be. */
function boundBy(view: View, change: Happened, said: string): Blamed | null {
  const words = boundWords(change.name);
  if (words === null || !words.test(said)) return null;
  const told = saidSince(view, words);
  const onset = told?.seen === true ? told : (onsetOf(view, "away") ?? told);
  const before = isLimit.test(change.name ?? "") ? valueBefore(view, change) : null;
  const lowered = before === null ? null : limitOf(change.to) < limitOf(before);
  if (onset === null || lowered === false) return null;
  const row = changeTable.findLast(({ kind }) => kind === change.kind) ?? null;
  return blamed(view, { ...onset, isNew: onset.isNew || lowered === true }, change, row);
}

function blamedFor(view: View, deviation: Deviation, changes: readonly Happened[]): Blamed | null {
  const onset = onsetOf(view, deviation);
  if (onset === null) return null;
  return (
    changes.map((change) => blamed(view, onset, change, rowOf(view, change, deviation))).find(Boolean) ?? null
  );
}

function blamed(view: View, onset: Onset, change: Happened, row: ChangeRow | null): Blamed | null {
  const distance = (onset.at - Date.parse(change.at)) / minuteMs;
  // What has no past was made lately; of anything else it must be known that it was not always so.
  const known = onset.seen || onset.isNew || hasNoPast.includes(change.kind);
  const latest = (onset.latest - Date.parse(change.at)) / minuteMs;
  if (row === null || !known || latest < -slackMinutes || distance > (row.withinMinutes ?? day)) return null;
  const minutesAgo = minutesSince(view, change.at);
  const says = onset.seen
    ? `it began ${Math.max(0, Math.round(distance))} min after ${change.says}`
    : `it follows ${change.says}, ${minutesAgo} min ago`;
  const former = change.name === null ? null : (change.from ?? plainValue(valueBefore(view, change)));
  const was = former === null ? "" : `it was ${former} before: `;
  return {
    change,
    minutesAgo,
    says,
    advice: `${was}${adviceOn(change, row)} (${row.page})`,
    largerClass: row.largerClass ?? "last",
  };
}

const hasNoPast: readonly Happened["kind"][] = ["restored", "new-replica"];

function rowOf(view: View, change: Happened, deviation: Deviation): ChangeRow | null {
  if (
    change.name !== null &&
    (!parameterCauses(change.name, change.to, deviation) || wasEased(view, change, deviation))
  )
    return null;
  const row = changeTable.find(
    ({ kind, explains, only }) =>
      kind === change.kind && explains.includes(deviation) && (only?.(view, change, becameSmaller) ?? true),
  );
  return row ?? null;
}
