import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverTopology, NameRef, Node, NodeLook } from "../contract/failover-topology.ts";
import type { Receipt } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import type { Effect, Stamp } from "./effect.ts";

export type EffectOf<K extends Effect["kind"]> = Extract<Effect, { readonly kind: K }>;

export type Scope = "all" | "roles";

/** RDS. Every call may be carried out though its answer is lost; throws AwsError, `refused` when nothing happened. */
export interface ControlPlane {
  /**
   * Without looks: those are the door's. Throws when RDS does not answer to the end. "roles": no metrics, events and
   * deployments, which are null then; who is what, in which state and behind which wall is asked always.
   */
  describe(database: string, signal?: AbortSignal, scope?: Scope): Promise<FailoverTopology>;
  /** What RDS calls the instance of this DbiResourceId by now, in the Region of `node`, its name before; null: it is gone. */
  nameOf(node: string, resourceId: string, signal?: AbortSignal): Promise<string | null>;
  promoteReplica(node: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  failOverCluster(
    cluster: string,
    candidate: string | null,
    stamp: Stamp,
    signal?: AbortSignal,
  ): Promise<void>;
  rebootWithFailover(node: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  switchOverGlobal(global: string, cluster: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  /** With AllowDataLoss: without it RDS would make it a switchover. */
  failOverGlobal(global: string, cluster: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  setSecurityGroups(
    node: string,
    groups: readonly string[],
    stamp: Stamp,
    signal?: AbortSignal,
  ): Promise<void>;
  restart(node: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  createReplica(source: string, id: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  tag(node: string, key: string, value: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
}

/** Of a group the ids of its nodes as last described: how we sign in to those is no client of theirs. */
export interface GroupNodes {
  readonly nodes: readonly Pick<Node, "id">[];
}

/** A node from inside the VPC. */
export interface NodeDoor {
  /** Never throws for what a node can do to it; says which step of the way failed. */
  look(
    node: Pick<Node, "id">,
    group: GroupNodes,
    signal?: AbortSignal,
    /** "kept": by the session of the look before, where there is one; what it says is asked of the node all the same. */
    session?: "kept" | "new",
    /** Given up then by whoever asks the node, too; absent: it is waited for as long as for any. */
    withinMs?: number,
  ): Promise<NodeLook>;
  /** Statements: plan.ts of this folder. Twice is as once. */
  fence(node: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  unfence(node: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
  /** Ends what it keeps open; it opens it again at the next look. Absent: it keeps nothing. */
  close?(): Promise<void>;
}

export interface NameReading {
  /** The node whose address stands there; null: none of ours, or it could not be read. */
  readonly pointsTo: string | null;
  /** What stands there, where it was read and is none of ours; absent: it is, nothing does, or one of ours has no address yet. */
  readonly stranger?: string;
  /** Of a stranger whose address is as those of the group's, in their account and Region: the name that it has in RDS. */
  readonly formerly?: string;
  /** The node that answered through it as one that takes writes. */
  readonly proves: string | null;
  /** Of a record; others are read anew by each client in its own time. */
  readonly ttlSeconds: number | null;
}

export interface Names {
  /** "where": nobody is asked through it, and `proves` is null. A name that leads to a dead host is read as fast as others. */
  read(
    ref: NameRef,
    topology: FailoverTopology,
    signal?: AbortSignal,
    what?: "where" | "proved",
  ): Promise<NameReading>;
  point(ref: NameRef, to: string, stamp: Stamp, signal?: AbortSignal): Promise<void>;
}

export interface LockHolder {
  readonly run: string;
  /** Grows with every taking, also by the same run: the one before is then deposed. */
  readonly token: number;
}

export interface FailoverLock {
  holder(group: string, signal?: AbortSignal): Promise<LockHolder | null>;
  /** Answers who has it afterwards. A run that has it keeps it, with a new token. */
  take(group: string, run: string, signal?: AbortSignal): Promise<LockHolder>;
  /** With a token: of that one alone, because the run may have taken it anew. */
  release(group: string, run: string, signal?: AbortSignal, token?: number): Promise<void>;
}

export type Approval =
  | { readonly is: "pending" }
  | { readonly is: "granted" | "declined" | "expired"; readonly at: number; readonly by: string };

export interface Voice {
  /** Says where the run has got to. Null: it could not be said, which stops nobody. */
  tell(message: Message, thread: Receipt | null, signal?: AbortSignal): Promise<Receipt | null>;
  announce(effect: EffectOf<"announce">, signal?: AbortSignal): Promise<void>;
  ask(effect: EffectOf<"ask">, signal?: AbortSignal): Promise<void>;
  /** Null: was not asked. */
  approval(run: string, signal?: AbortSignal): Promise<Approval | null>;
}

/** A run that has not ended, or has something to watch for. */
export interface OpenRun {
  readonly id: string;
  /** Null: about to be written for the first time, or not to be read. */
  readonly run: FailoverRun | null;
  /** Why it cannot be read; whom it left, whether it has ended and when it was last written, as far as that can be. */
  readonly unreadable?: {
    readonly says: string;
    readonly oldResource: string | null;
    readonly ended: boolean;
    readonly wroteAt: number;
  };
}

export interface RunStore {
  /** Throws UnreadableError where what is stored is no run of this version. */
  get(id: string): Promise<FailoverRun | null>;
  /** Writes when the stored revision is `run.revision`, and raises it. Throws ConflictError otherwise. */
  save(run: FailoverRun): Promise<FailoverRun>;
  /** Ids of those that have not ended, or have something to watch for. */
  open(): Promise<readonly string[]>;
  /** Those themselves, each read once; one that cannot be read hides no other. */
  standing(): Promise<readonly OpenRun[]>;
}

export interface FailoverPorts {
  readonly controlPlane: ControlPlane;
  readonly door: NodeDoor;
  readonly names: Names;
  readonly lock: FailoverLock;
  readonly voice: Voice;
  readonly runs: RunStore;
}
