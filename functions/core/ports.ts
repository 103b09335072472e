import type { Custody } from "./contract/custody.ts";
import type { Connection, Evidence, MetricSeries, Missing } from "./contract/evidence.ts";
import type { Approval, Incident } from "./contract/incident.ts";
import type { Ledger } from "./contract/ledger.ts";
import type { DatabaseRef, Rejection } from "./contract/signal.ts";
import type { SnoozeStore } from "./contract/snooze.ts";
import type { Engine, Target } from "./contract/target.ts";
import type { WayBackStore } from "./contract/way-back.ts";
import type { AuditRecord } from "./contract/work-order.ts";

/** Epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** Short, unique, safe in names of executions: [0-9A-Za-z-]. */
  next(): string;
}

export type SqlRow = Record<string, unknown>;
export type SqlValue = string | number | boolean | null;

export interface SqlStatement {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}

export interface ServerInfo {
  readonly engine: Engine;
  /** As the server says it. */
  readonly version: string;
  /** PostgreSQL 17, MySQL 8.4 → 8.4, MariaDB 10.11 → 10.11. */
  readonly major: number;
  /** This connection's own pid or connection id. */
  readonly backendId: number;
  /** Who signed in, as a GRANT names it. */
  readonly account?: string;
}

/** One connection with server-side limits. Throws SqlError. */
export interface SqlSession {
  readonly server: ServerInfo;
  query(statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]>;
  /**
   * Sends a statement that may take hours, and waits for it no longer than `waitMs`. What has not ended then goes on in the
   * server, and this connection is gone: "goes-on". What it printed meanwhile would tell the server that nobody listens.
   */
  begin(statement: SqlStatement, waitMs: number, signal?: AbortSignal): Promise<"ended" | "goes-on">;
  /** Changes the server-side statement limit for what follows. */
  limit(statementTimeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** "probe" signs in as the probe user and makes the session read-only; "act" as the acting user. */
  readonly purpose: "probe" | "act";
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

export type ConnectResult =
  | { readonly kind: "connected"; readonly session: SqlSession; readonly connection: Connection }
  | { readonly kind: "not-connected"; readonly connection: Connection };

export interface Databases {
  /** Never throws for what a database can do to it; says which step of the way failed. */
  connect(target: Target, options: ConnectOptions, signal?: AbortSignal): Promise<ConnectResult>;
}

export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
}

export interface MetricsAnswer {
  readonly series: readonly MetricSeries[];
  readonly missing: readonly Missing[];
}

export interface Metrics {
  /** One call for all; what could not be read is in `missing`. */
  read(
    queries: readonly MetricQuery[],
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<MetricsAnswer>;
}

export interface AlarmInfo {
  readonly arn: string;
  readonly metrics: readonly {
    namespace: string;
    name: string;
    dimensions: Readonly<Record<string, string>>;
  }[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Alarms {
  /** Metric alarms behind the given ARNs or names, composite ones followed to their children. */
  describe(arns: readonly string[], signal?: AbortSignal): Promise<readonly AlarmInfo[]>;
}

export interface RdsControl {
  /** The database that a reference means, with its group; null when RDS knows none of an engine we support. */
  find(ref: DatabaseRef, signal?: AbortSignal): Promise<Target | null>;
  /** The engine of a database that RDS knows and that is none of those we support; null for every other one. */
  foreignEngine(ref: DatabaseRef, signal?: AbortSignal): Promise<string | null>;
}

export type OpenResult =
  | { readonly kind: "opened" }
  /** Another incident of that group is open. */
  | { readonly kind: "exists"; readonly incidentId: string };

/** Incidents, approvals and the audit trail. Conditional writes; every method can be called twice. */
export interface IncidentStore extends SnoozeStore, WayBackStore {
  /** Creates the incident and takes its group's lock in one transaction. */
  open(incident: Incident): Promise<OpenResult>;
  openIncidentOf(group: string): Promise<string | null>;
  /** Who looks after the open incident of the group; null when none is open. */
  custodyOf(group: string): Promise<Custody | null>;
  /** Of every open incident. One that cannot be read is told in the log and left out: the others are seen to. */
  custodies(): Promise<readonly Custody[]>;
  /** Hands the incident to another execution, if `before` still has it; false otherwise. */
  handOver(before: Custody, after: Custody): Promise<boolean>;
  get(incidentId: string): Promise<Incident | null>;
  /** Writes when the stored revision is `incident.revision`, and raises it. Throws ConflictError otherwise. */
  save(incident: Incident): Promise<Incident>;
  /** Gives the group's lock back, if this incident still has it. */
  release(incident: Pick<Incident, "id" | "group">): Promise<void>;
  /** The same unless somebody has written since `incident.revision`: then false. True also when given back before. */
  releaseIfUnchanged(incident: Incident): Promise<boolean>;
  /** True the first time this signal is seen for this incident. */
  recordSignal(incidentId: string, signalId: string): Promise<boolean>;
  /** The token of the incident's newest rest; it stays when that rest is over. */
  putRest(incidentId: string, taskToken: string): Promise<void>;
  getRest(incidentId: string): Promise<string | null>;
  putApproval(approval: Approval): Promise<void>;
  getApproval(approvalId: string): Promise<Approval | null>;
  /** Writes when the stored approval still equals `before` in status and number of approvals; false otherwise. */
  replaceApproval(before: Approval, after: Approval): Promise<boolean>;
  /** What was ordered lately for the group; empty when nothing ever was. */
  ledgerOf(group: string): Promise<Ledger>;
  /** Writes when the stored revision is `ledger.revision`, and raises it; false otherwise. */
  saveLedger(group: string, ledger: Ledger): Promise<boolean>;
  /** Appends; a second record of one order and phase is ignored. Returns false when it was there already. */
  appendAudit(record: AuditRecord): Promise<boolean>;
  audit(incidentId: string): Promise<readonly AuditRecord[]>;
}

export interface EvidenceStore {
  put(id: string, evidence: Evidence): Promise<void>;
}

export interface KillSwitchState {
  readonly engaged: boolean;
  readonly says: string;
}

/** Stops all actions. Throws when unreadable; whoever asks must then hold. */
export interface KillSwitch {
  read(): Promise<KillSwitchState>;
}

/** "unknown": there is none of that name, or it ended so long ago that nobody remembers. */
export type ExecutionState = "running" | "ended" | "unknown";

export interface Workflow {
  stateOf(name: string): Promise<ExecutionState>;
  /** Starts the execution of that name once; the second call is harmless. */
  start(name: string, input: unknown): Promise<"started" | "already-started">;
  /** Hands a decision to a waiting state. */
  succeed(taskToken: string, output: unknown): Promise<"accepted" | "no-longer-waiting">;
}

export interface DeadLetters {
  send(rejection: Rejection): Promise<void>;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log lines; `event` is stable and known to the dashboards. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** One count or duration, published as an embedded metric. */
  metric(name: string, value: number, unit: "Count" | "Milliseconds", fields?: LogFields): void;
}
