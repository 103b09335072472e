import type { MadeGroups } from "./made-group-ports.ts";
import type { AwsCall, RdsOperation } from "./text/aws-call.ts";

/** A database instance or cluster as RDS describes it just now: all by which a change is decided, and proved. */
export interface Changeable {
  readonly kind: "instance" | "cluster";
  readonly id: string;
  /** DbiResourceId or DbClusterResourceId: another database of the same name has another one. */
  readonly resourceId: string | null;
  /** Of an instance: the cluster that it lies in. */
  readonly clusterId: string | null;
  readonly status: string | null;
  readonly engine: string | null;
  readonly engineVersion: string | null;
  /** Its own zone and that of its standby. */
  readonly zones: readonly string[];
  readonly multiAz: boolean | null;
  /** What it has, by the names of the parameters that change it: DBInstanceClass, AllocatedStorage, MaxCapacity … */
  readonly has: Readonly<Record<string, string | number | boolean>>;
  /** What waits, and goes along when anything is applied immediately. The value of a secret is null. */
  readonly pending: readonly { readonly name: string; readonly value: string | null }[];
  readonly storageOperation: { readonly status: string; readonly percent: number | null } | null;
  /** Of a cluster: its instances. Its parameter group stands as with the last of them: pending-reboot, in-sync … */
  readonly members: readonly string[];
  readonly parameterGroups: readonly { readonly name: string; readonly status: string | null }[];
}

/** A class as it can be ordered for one engine version. */
export interface Orderable {
  readonly zones: readonly string[];
  readonly multiAzCapable: boolean;
  readonly storageType: string | null;
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** What a volume of one type may be changed to. */
export interface ValidStorage {
  readonly type: string;
  readonly sizesGib: readonly NumberRange[];
  readonly iops: readonly NumberRange[];
  readonly throughputMibps: readonly NumberRange[];
}

export interface SnapshotState {
  /** Identifier and resource id of the database that it is a copy of. */
  readonly of: string | null;
  readonly resourceId: string | null;
  /** RFC 3339; of one that is being made RDS may not tell it yet. */
  readonly createdAt: string | null;
  readonly status: string | null;
  readonly percent: number | null;
}

export interface ParameterGroup {
  /** Its name. */
  readonly of: string;
  readonly level: "instance" | "cluster";
}

export interface ParameterState {
  readonly name: string;
  /** Null: nobody has set it, and the engine's default counts. */
  readonly value: string | null;
  /** Somebody has set it; else it has what RDS gives it, often by a formula. */
  readonly isSet: boolean;
  readonly dynamic: boolean;
  readonly modifiable: boolean;
}

/** An instance or cluster that uses a group, and how far it has applied it: in-sync, applying, pending-reboot … */
export interface GroupUser {
  readonly id: string;
  readonly status: string | null;
}

/** An instance or cluster by what tells whose it is, and what it was made from. */
export interface MadeDatabase {
  readonly id: string;
  readonly resourceId: string | null;
  readonly status: string | null;
  readonly clusterId: string | null;
  /** Whose changes it follows; null: nobody's, or it lies in a cluster. */
  readonly sourceId: string | null;
  /** In its cluster; null: it lies in none, or that cannot be told just now. */
  readonly isWriter: boolean | null;
  readonly instanceClass: string | null;
  readonly isProtected: boolean | null;
  /** RFC 3339; of one that is being made RDS may not tell it yet. */
  readonly createdAt: string | null;
  /** Between which moments it can be brought back; RFC 3339. */
  readonly restorable: { readonly from: string | null; readonly to: string | null };
  readonly tags: Readonly<Record<string, string>>;
}

/** The pool that an RDS Proxy keeps to a database. */
export interface ProxyPool {
  readonly status: string | null;
  /** Identifiers of the instances and clusters behind it. */
  readonly targets: readonly string[];
  readonly maxConnectionsPercent: number | null;
  readonly maxIdleConnectionsPercent: number | null;
  readonly borrowTimeoutSeconds: number | null;
  readonly updatedAt: string | null; // RFC 3339, of its target group; null: RDS does not tell.
  /** What else it is set to, in one text: a change of the numbers must leave it as it is. */
  readonly rest: string;
}

/** The half of the RDS control plane that changes things, and what it has to know for it. Throws AwsError. */
export interface RdsChanges extends MadeGroups {
  /** Null: RDS knows none of that name. */
  describe(of: Pick<Changeable, "kind" | "id">, signal?: AbortSignal): Promise<Changeable | null>;
  /** Empty: RDS does not offer it. */
  orderable(
    wanted: { readonly engine: string; readonly engineVersion: string; readonly instanceClass: string },
    signal?: AbortSignal,
  ): Promise<readonly Orderable[]>;
  /** Of an instance. */
  validStorage(id: string, signal?: AbortSignal): Promise<readonly ValidStorage[]>;
  /** Of these parameters; one that the group does not have is left out. */
  parameters(
    group: ParameterGroup,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ParameterState[]>;
  /** Everybody who uses the group in this Region. */
  usersOf(group: ParameterGroup, signal?: AbortSignal): Promise<readonly GroupUser[]>;
  snapshot(of: Pick<Changeable, "kind" | "id">, signal?: AbortSignal): Promise<SnapshotState | null>;
  /** Null: RDS knows none of that name. */
  made(of: Pick<Changeable, "kind" | "id">, signal?: AbortSignal): Promise<MadeDatabase | null>;
  /** Null: there is no such proxy, or it has no such target group. */
  proxyPool(proxy: string, group: string, signal?: AbortSignal): Promise<ProxyPool | null>;
  /** What RDS says happened to it since, in epoch milliseconds; oldest first. */
  events(
    of: Pick<Changeable, "kind" | "id">,
    since: number,
    signal?: AbortSignal,
  ): Promise<readonly { readonly at: string; readonly says: string }[]>;
  /** When RDS took calls of that name on it, in epoch milliseconds, by CloudTrail, some minutes behind; null: not asked. */
  callsOn(
    id: string,
    operation: RdsOperation,
    between: { readonly from: number; readonly to: number },
    signal?: AbortSignal,
  ): Promise<readonly string[] | null>;
  /** Sent once: an answer that is lost is not asked for by sending it again. */
  send(call: AwsCall, signal?: AbortSignal): Promise<void>;
}

/** A request to an application; how its signature is made is the adapter's. */
export interface WebhookRequest {
  readonly url: string;
  readonly body: string;
  /** The same for every attempt at one order: whoever has seen it does nothing a second time. */
  readonly id: string;
  readonly allowPrivate: boolean;
  readonly secretArn: string;
}

export type WebhookAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly says: string }
  /** It cannot have reached anybody. */
  | { readonly kind: "not-sent"; readonly says: string }
  /** Sent, and no answer that tells what became of it. */
  | { readonly kind: "not-known"; readonly says: string };

/** The application's own address for emergencies. What the network does is an answer; neither throws for it. */
export interface Webhooks {
  /** Where the address leads just now: null when it may be called, else why not. */
  refuses(
    request: Pick<WebhookRequest, "url" | "allowPrivate">,
    signal?: AbortSignal,
  ): Promise<string | null>;
  /** Tried again after a 5xx or no answer in time, a bounded number of times, and after nothing else. */
  call(request: WebhookRequest, signal?: AbortSignal): Promise<WebhookAnswer>;
}

export type FailoverExecution =
  | { readonly is: "running" }
  /** done: it was failed over. held: nothing was, for a reason that it says. failed: a person is needed. */
  | { readonly is: "done" | "held" | "failed"; readonly says: string; readonly nextCommand: string | null };

/** The failovers of this deployment: a machine of its own, which checks and decides by itself. Throws AwsError. */
export interface Failovers {
  /** Twice under one name it is one. */
  start(name: string, input: CallByCard, signal?: AbortSignal): Promise<void>;
  /** Null: none of that name is known. */
  execution(name: string, signal?: AbortSignal): Promise<FailoverExecution | null>;
}

/** What a click on a card starts: the card itself says who has agreed. */
export interface CallByCard {
  readonly database: string;
  readonly reason: string;
  readonly approvalId: string;
}
