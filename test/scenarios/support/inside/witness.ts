import type { CauseId } from "../../../../functions/core/contract/cause-ids.ts";
import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { ConnectionGroup, ServerRow } from "../../../../functions/core/probes/rows.ts";

/** What a look inside shows beside a healthy, busy server: rows take the place of the probe's ordinary ones, null of its answer. */
export interface Seen {
  readonly rows?: Readonly<Record<string, readonly object[] | null>>;
  readonly settings?: Readonly<Record<string, string | SettingSeen>>;
  readonly groups?: readonly ConnectionGroup[];
  readonly sessions?: readonly Session[];
  readonly forest?: LockForest;
  readonly server?: Partial<ServerRow>;
  readonly alarm?: string;
  readonly metrics?: Readonly<Record<string, number>>;
  /** It replays what another server writes. */
  readonly standby?: true;
}

export interface SettingSeen {
  readonly value: string;
  readonly overrides?: readonly string[];
  readonly pendingRestart?: boolean;
}

/** One counter, state or setting of PostgreSQL seen from inside. */
export interface Witness {
  readonly witness: string;
  /** What a DBA calls it, the best name first. */
  readonly told: readonly CauseId[];
  /** What must be said. */
  readonly word: RegExp;
  readonly hot: Seen;
  /** The same witness at a value that is met every day: nobody is woken. */
  readonly ordinary: Seen;
  /** It has long been so and hurts nobody yet: told, and nobody is woken for it. */
  readonly chronic?: true;
}
