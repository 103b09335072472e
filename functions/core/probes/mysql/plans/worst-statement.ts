import type { SqlRow } from "../../../ports.ts";
import type { InsideRoutine } from "./rows.ts";

export type Answers = readonly (readonly SqlRow[])[];

/** A statement by its statistics, with a sample of its text. */
export interface WorstStatement {
  readonly digest: string;
  readonly schema: string | null;
  /** Without values; null when not kept. */
  readonly digestText: string | null;
  readonly sample: string | null;
  readonly calls: number;
  readonly totalSeconds: number;
  readonly rowsExamined: number;
  readonly rowsUsed: number;
  /** Its names may be those of the stored program's parameters. Absent: a client sends it. */
  readonly inside?: InsideRoutine;
}
