import type { CauseId } from "../../../../functions/core/contract/cause-ids.ts";
import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import {
  aForest,
  type aPrepared,
  aRunning,
  aSession,
  keyOf,
  type Member,
} from "../../../support/forest-builder.ts";

import { type LockMode, lockModes } from "./lock-modes.ts";

export interface LockHolder {
  readonly holder: string;
  readonly told: readonly CauseId[];
  readonly word: RegExp;
  /** Whom a click, or nobody at all, may end: "never" holds for what must go on. */
  readonly mayEnd: boolean;
  readonly only?: readonly string[];
  readonly standby?: true;
  readonly forest: (mode: LockMode) => LockForest;
}

export function crowd(
  mode: LockMode,
  behind: string,
  { queued = false, count = 12, from = 500 } = {},
): Member[] {
  const { wanted: waits, statement: query } = mode;
  const waitEvent = waits.objectKind === "table" ? "Lock:relation" : `Lock:${mode.mode}`;
  return Array.from({ length: count }, (_, place) => ({
    who: aRunning(from + place, 90, { query, waitEvent, application: "web" }),
    ...{ behind, queued, waits: { waitSeconds: 90, queuePosition: place + 1, ...waits } },
  }));
}

export function heldBy(who: Session | ReturnType<typeof aPrepared>): LockHolder["forest"] {
  return (mode) => aForest([{ who, holds: [mode.held] }, ...crowd(mode, keyOf(who))]);
}

export const tableModes = lockModes.slice(0, 8).map(({ mode }) => mode);
export const blocking: readonly CauseId[] = [
  "blocked-by-running-query",
  "ddl-lock-queue",
  "hot-row-contention",
  "explicit-lock-held",
];

/** The ordinary twin: two wait for a moment. */
export function forAMoment(mode: LockMode): LockForest {
  const short = aSession(44, { query: mode.by, transactionSeconds: 0.2, statementSeconds: 0.1 });
  const members = crowd(mode, "session:44", { count: 2 }).map((one) => ({
    ...one,
    who: { ...one.who, stateSeconds: 0.1, transactionSeconds: 0.1, statementSeconds: 0.1 },
    waits: { ...one.waits, waitSeconds: 0.1 },
  }));
  return aForest([{ who: short, holds: [mode.held] }, ...members]);
}
