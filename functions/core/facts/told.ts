import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";

/** A message of MySQL's or MariaDB's error log that is a witness of its own. */
export interface Told {
  readonly cause: CauseId;
  /** Of the server's own words. */
  readonly says: RegExp;
  /** What a person is told; "{}": what the first group caught. */
  readonly means: string;
  readonly mend: string;
  /** P2 unless told. */
  readonly severity?: Severity;
  /** Fewer within a quarter of an hour are anybody's; 1 unless told. */
  readonly least?: number;
  /** It stands until the server starts again, whatever its age. */
  readonly stands?: true;
  /** A symptom where anything else was found. */
  readonly mild?: true;
  /** What does not come of a start is over with the next; these are said at a start. */
  readonly atStart?: true;
  readonly explains?: readonly CauseId[];
}
