import type { AlarmRule } from "./contract/alarm.ts";
import type { Backups, Change, LoadDimension, RdsEvent } from "./contract/context.ts";
import type { Missing } from "./contract/evidence.ts";
import type { LogExcerpt } from "./contract/log-excerpt.ts";
import type { Target } from "./contract/target.ts";
import type { Topology } from "./contract/topology.ts";

/** What was read, and what could not be with the reason (SPEC M6). What AWS refuses is `missing`, never thrown. */
export interface Sight<T> {
  readonly value: T;
  readonly missing: readonly Missing[];
}

export interface TopologySource {
  /** The instance, its cluster, its replicas or its source; null when RDS has no such database of ours. */
  read(target: Target, signal?: AbortSignal): Promise<Sight<Topology | null>>;
}

export interface EventSubject {
  readonly source: RdsEvent["source"];
  readonly id: string;
}

export interface RdsEventSource {
  /** Newest first; null when no subject could be asked about. */
  read(
    subjects: readonly EventSubject[],
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<Sight<readonly RdsEvent[] | null>>;
}

/** The end of a log file as the server wrote it: may hold data of users, and goes nowhere before it is cleaned. */
export interface LogPortion extends Pick<LogExcerpt, "file" | "kind" | "lastWrittenAt" | "truncated"> {
  readonly text: string;
  /** The end of the file before it, where that goes on in this one. */
  readonly earlier?: string;
}

export interface LogSource {
  /** The newest error and slow logs written since `since`. */
  read(target: Target, since: number, signal?: AbortSignal): Promise<Sight<readonly LogPortion[] | null>>;
}

export interface LoadSource {
  /** DB load by wait event, statement, user and host. Statements as Performance Insights has them: clean them. */
  read(
    resourceId: string,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<Sight<readonly LoadDimension[] | null>>;
}

export interface BackupSource {
  read(target: Target, signal?: AbortSignal): Promise<Sight<Backups | null>>;
}

export interface ChangeSource {
  /** Calls that changed the resource of that name, newest first. */
  read(
    resourceName: string,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<Sight<readonly Change[] | null>>;
}

export interface AlarmState {
  readonly arn: string;
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** Null: it is no alarm on one metric, or compares with a band. */
  readonly rule: AlarmRule | null;
}

export interface AlarmStateSource {
  /** How these alarms stand, by ARN or name, at most 100; one that is not there is left out. Null: could not be asked. */
  read(namesOrArns: readonly string[], signal?: AbortSignal): Promise<Sight<readonly AlarmState[] | null>>;
}

/** Everything that AWS can say about a database without touching it. */
export interface ContextSources {
  readonly topology: TopologySource;
  readonly events: RdsEventSource;
  readonly logs: LogSource;
  readonly load: LoadSource;
  readonly backups: BackupSource;
  readonly changes: ChangeSource;
}
