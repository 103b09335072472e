import type { NodeLookOrder } from "../../contract/failover-node.ts";
import type { Target } from "../../contract/target.ts";
import type { Clock, ConnectOptions, ConnectResult, Databases, Log, SqlSession } from "../../ports.ts";
import type { Settings } from "../../settings.ts";
import type { KeptSessions } from "./kept-sessions.ts";
import { refOf } from "./node-ref.ts";
import type { Said } from "./said.ts";

export interface Way {
  readonly databases: Databases;
  readonly settings: Settings;
  readonly target: Target;
  /** Ids of the nodes of its group. */
  readonly group?: readonly string[];
}

/** What differs between engines; a function of the VPC has that of its own engine only. */
export interface EngineDoor {
  look(session: SqlSession, way: Way, signal: AbortSignal): Promise<Said>;
  fence(session: SqlSession, way: Way, signal: AbortSignal): Promise<void>;
  unfence(session: SqlSession, way: Way, signal: AbortSignal): Promise<void>;
}

export interface DoorDeps {
  readonly clock: Clock;
  readonly log: Pick<Log, "info">;
  readonly engine: EngineDoor;
  /** How to sign in is a setting, so the way to the databases is made for each look. */
  databases(settings: Settings): Databases;
  /** Sessions between looks; absent: each signs in anew. */
  readonly kept?: KeptSessions;
  /** Throws for whoever was deposed; absent inside the VPC, where no lock can be asked. */
  admitted?(): Promise<void>;
}

export function within(milliseconds: number, signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(milliseconds);
  return signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
}

/**
 * A fenced PostgreSQL takes nobody into the databases of applications, ourselves included. template1 is none of theirs
 * and stays open; it is not the first choice, because whoever is in it keeps others from CREATE DATABASE.
 */
const doors = ["postgres", "template1"] as const;

/** By the server itself, not by the way to it: the next database may be open. */
const refusals: ReadonlySet<string | null> = new Set(["no-free-slot", "sign-in"]);

export async function signIn(
  { databases, settings, target }: Way,
  purpose: ConnectOptions["purpose"],
  signal: AbortSignal | undefined,
): Promise<ConnectResult> {
  const { connectTimeoutMs, immediateTimeoutMs, lockTimeoutMs } = settings.probing;
  const options = { purpose, connectTimeoutMs, statementTimeoutMs: immediateTimeoutMs, lockTimeoutMs };
  if (target.engine !== "postgres") return databases.connect(target, options, signal);
  const [first, second] = doors;
  const tried = await databases.connect({ ...target, database: first }, options, signal);
  if (tried.kind === "connected" || !refusals.has(tried.connection.failedStep)) return tried;
  const again = await databases.connect({ ...target, database: second }, options, signal);
  return again.kind === "connected" ? again : tried;
}

/** A database that settings name would go before the door that is chosen here. */
export function withoutNames(settings: Settings): Settings {
  const databases = Object.fromEntries(
    Object.entries(settings.databases).map(([id, { name: _, ...entry }]) => [id, entry]),
  );
  return { ...settings, database: { ...settings.database, name: null }, databases };
}

/** As the way to a node is handed over: an order knows its group, or does not. */
export function wayOf(
  { target, settings: given, group = [] }: Pick<NodeLookOrder, "target" | "settings" | "group">,
  { databases }: DoorDeps,
): Way {
  const settings = withoutNames(given);
  return { databases: databases(settings), settings, target, group };
}

/**
 * Whose sessions and accounts are the responder's own: those of the common entry and of the group's, because what locks
 * one on a primary goes to its replicas, whose entries may name other users. The user of a stranger's entry may be an
 * application's here. Where a secret signs in, the settings' users have to name its user, too: inside the VPC nobody
 * else could tell.
 */
export function ownUsers({ settings, target, group = [] }: Omit<Way, "databases">): readonly string[] {
  const { database, databases } = settings;
  const ids = [target.name, target.clusterId ?? [], group.map((id) => refOf(id).id)].flat(2);
  const entries = [database, ...ids.flatMap((id) => databases[id] ?? [])];
  return [...new Set(entries.flatMap(({ probeUser, actUser }) => [probeUser ?? [], actUser ?? []].flat()))];
}
