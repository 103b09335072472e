import type { Tier } from "../contract/evidence.ts";
import type { Engine, Target } from "../contract/target.ts";
import type { ServerInfo, SqlRow, SqlStatement } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { SpecId } from "../spec-id.ts";
import type { Rows } from "./define-rows.ts";

/** What a probe has to be given before it can see anything. `enable` is the statement that gives it. */
export interface Need {
  readonly kind: "grant" | "extension" | "setting";
  readonly name: string;
  readonly enable: string;
  /** What is not seen without it; set where it gives more than a monitor is usually given, so that it may be refused. */
  readonly optional?: string;
  /** Only there; everywhere when absent. */
  readonly only?: "rds" | "self-managed";
}

export interface ProbeContext {
  readonly target: Target;
  readonly server: ServerInfo;
  readonly settings: Settings;
}

/** What is sent, and what to do when it is refused. */
export interface ProbeStatement extends SqlStatement {
  /** Sent in its place when it is refused with this code: the same rows with less in them. */
  readonly instead?: { readonly of: string; readonly send: SqlStatement };
}

/** With `mayFail`, a failure is an answer of one row, `{ failed: "…" }`, and the statements after it are still sent. */
export interface FollowStatement extends ProbeStatement {
  readonly mayFail?: true;
}

/**
 * One question put to a database, read-only. Declarative, so that recorded answers can be read again without a
 * database: `statements` are sent in order on one connection, `read` joins their rows in memory.
 */
export interface Probe<Id extends string, Row> extends Rows<Id, Row> {
  readonly spec: readonly SpecId[];
  /** The question, in words. */
  readonly title: string;
  readonly engines: readonly Engine[];
  /** Major versions, inclusive. */
  readonly versions?: { readonly from?: number; readonly to?: number };
  readonly tier: Tier;
  /** What it costs the database and how that grows. */
  readonly cost: string;
  readonly needs: readonly Need[];
  /** Rows kept in the evidence; the rest is counted. */
  readonly maxRows: number;
  /** Documentation of the views it reads. */
  readonly source: string;
  /** Asked only when one of these probes of the same tier was asked and brought no answer: the next best view. */
  readonly standsInFor?: readonly string[];
  /** Asked after all others of its tier: a sick server may let it wait until the connection is given up. */
  readonly last?: true;
  /**
   * Two readings `probing.sampleSeconds` apart, for rates: `read` gets the second ones after the first. More are spread
   * over the same wait; fewer are taken when the other questions have used it up.
   */
  readonly samples?: number;
  /** Pure. Whether the first reading says all there is, so that no other is waited for. */
  isEnough?(answers: readonly (readonly SqlRow[])[]): boolean;
  statements(context: ProbeContext): readonly ProbeStatement[];
  /**
   * Pure. Statements that depend on what was answered, sent once, after the last reading: the text of the statements
   * that will be shown, the columns of the tables. Their answers come last in `read`.
   */
  follow?(answers: readonly (readonly SqlRow[])[], context: ProbeContext): readonly FollowStatement[];
  /** How often `follow` is asked, each time with all answers so far, until it has nothing more to send. Default 1. */
  readonly followRounds?: number;
  /** Pure. One array of rows for each statement sent. */
  read(answers: readonly (readonly SqlRow[])[], context: ProbeContext): readonly Row[];
}

export function defineProbe<const Id extends string, Row>(probe: Probe<Id, Row>): Probe<Id, Row> {
  return probe;
}
