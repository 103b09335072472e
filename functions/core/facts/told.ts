import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";
import type { LogWords } from "./log-lines.ts";
import type { View } from "./view.ts";

/** A message of MySQL's or MariaDB's error log that is a witness of its own. */
export interface Told {
  readonly cause: CauseId;
  /** Of the server's own words. */
  readonly says: RegExp;
  /** All that is told, where it is none: events, applying and starts warn of what is no harm. */
  readonly levels?: readonly string[];
  /** What a person is told; "{}": what the first group caught. */
  readonly means: string;
  readonly mend: string;
  /** P2 unless told. */
  readonly severity?: Severity;
  /** Fewer within a quarter of an hour are anybody's; 1 unless told. */
  readonly least?: number;
  /** Fewer will do where the first is so old, and nothing has ended it. */
  readonly orSeconds?: number;
  /** How far back, where it is no quarter of an hour. */
  readonly windowSeconds?: number;
  /** It stands until the server starts again, whatever its age. */
  readonly stands?: true;
  readonly endedBy?: LogWords;
  /** A symptom where anything else was found. */
  readonly mild?: true;
  /** What does not come of a start is over with the next; these are said at a start. */
  readonly atStart?: true;
  /** By what others see, or as it is said no more. */
  readonly isOver?: (view: View, told: ToldNow) => boolean;
  /** A matter of care. */
  readonly isIdle?: (view: View) => boolean;
  /** P1, by what has become of the work. */
  readonly isGrave?: (view: View) => boolean;
  readonly explains?: readonly CauseId[];
}

export interface ToldNow {
  readonly row: Told;
  readonly severity: Severity;
  readonly count: number;
  /** Seconds ago; of those that were not kept, too. */
  readonly since: number;
  readonly newestAgeSeconds: number;
  readonly newest: string;
  /** Null: no name, or one that is not shown. */
  readonly caught: string | null;
}
