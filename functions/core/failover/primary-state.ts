import type { FailoverTopology, Node, NodeLook } from "../contract/failover-topology.ts";

/** CloudWatch is late: an older sample may be of before the outage. */
const freshSeconds = 90;
/** A source that lives says something sooner, by default every 30 s: as its replica told, and a margin. */
const silentSeconds = 35;
const marginSeconds = 5;
/** Of a source that writes something comes more often. */
const heardLatelySeconds = 3;

/** Statuses in which RDS itself says that no engine serves. DBInstanceStatus, RDS User Guide "Viewing status". */
const goneStatuses = ["stopped", "failed", "restore-error", "incompatible-restore"];

export type PrimaryState =
  /** It takes writes, or our way to it was open and it may. */
  | { readonly is: "alive"; readonly says: string }
  /** We cannot reach it, somebody else can: no outage of the database. */
  | { readonly is: "path-cut"; readonly says: string }
  | { readonly is: "dead"; readonly says: string }
  | { readonly is: "unknown"; readonly says: string };

export function isGone(node: Node | null): boolean {
  return node !== null && goneStatuses.includes(node.status ?? "");
}

/**
 * Three views: our own from the VPC, that of RDS, that of its replicas. Dead is only what none of them sees alive and
 * at least two could judge. Whom a fence of ours alone keeps from writing lives; `ownFence`: it may be that of whoever asks.
 */
export function primaryState(
  topology: FailoverTopology,
  primary: Node | null,
  ownFence = false,
): PrimaryState {
  if (primary === null) return { is: "unknown", says: "RDS names no primary" };
  const { id, look } = primary;
  if (look?.reachable === true) return reached(id, look, ownFence);
  if (isGone(primary)) return { is: "dead", says: `RDS says ${primary.status} of ${id}` };
  const others = viewOfReplicas(topology, id);
  // A sample is of before: two who say now that nobody is there are not outvoted by what was there a minute ago.
  const nobodyThere = look?.refused === true && others === false;
  const busy = nobodyThere ? null : viewOfRds(primary);
  if (others === true) return { is: "path-cut", says: heardText(topology, id) };
  if (busy === true) return { is: "path-cut", says: `CloudWatch still shows clients or writes on ${id}` };
  if (look === null) return { is: "unknown", says: `${id} was not asked from the VPC` };
  const seen = `${id} does not answer from the VPC (${look.failedAt ?? "no step told"})`;
  if (others === null && busy === null) {
    return {
      is: "unknown",
      says: `${seen}, and neither its replicas nor CloudWatch could be asked about it`,
    };
  }
  return { is: "dead", says: `${seen}${others === null ? "" : ", and no replica receives from it"}` };
}

/** A fence is always ours, be it of an earlier run; beneath it the server may be read-only all the same. */
function reached(id: string, look: NodeLook, ownFence: boolean): PrimaryState {
  const { writable } = look;
  if (writable === false && byFenceAlone(look)) {
    const whose = ownFence ? "this failover's own fence" : "the fence of an earlier failover";
    return { is: "alive", says: `${id} answers, and takes no writes by ${whose} alone` };
  }
  if (writable === false) return { is: "dead", says: `${id} answers and takes no writes` };
  const says =
    writable === null ? `${id} answers; whether it takes writes is not known` : `${id} takes writes`;
  return { is: "alive", says };
}

function byFenceAlone({ fenced, traces, readOnly }: NodeLook): boolean {
  return fenced === true && traces !== false && readOnly !== true;
}

/** Null: none of them could be asked. */
function viewOfReplicas(topology: FailoverTopology, primary: string): boolean | null {
  const views = looksOfReplicas(topology, primary).map(hears);
  return views.length === 0 ? null : views.includes(true);
}

function looksOfReplicas({ nodes }: FailoverTopology, primary: string): NodeLook[] {
  return nodes
    .filter(({ id, replicaOf, role }) => id !== primary && (replicaOf === primary || role === "reader"))
    .flatMap(({ look }) => (look?.reachable === true && look.receiving !== null ? [look] : []));
}

/** The stream of a host that hangs stands until a time-out ends it; nothing comes through it any more. */
function hears(look: NodeLook): boolean {
  return look.receiving === true && !isSilent(look);
}

function isSilent(look: NodeLook): boolean {
  const limit = silenceOf(look);
  return limit !== null && (look.silentSeconds ?? 0) >= limit;
}

/** So long a source that lives may say nothing; null: not known, and silence proves nothing. */
function silenceOf({ silentSeconds: silent, heartbeatEverySeconds: every = null }: NodeLook): number | null {
  return silent === null || every === null ? null : Math.max(silentSeconds, every + marginSeconds);
}

/** A stream that says nothing for seconds may be that of a host that hangs: when that is decided a person wants to know. */
function heardText(topology: FailoverTopology, id: string): string {
  const left = looksOfReplicas(topology, id).filter(hears).map(decidedIn);
  const seconds = Math.max(...left.map((each) => each ?? Number.POSITIVE_INFINITY));
  if (!Number.isFinite(seconds)) return `replicas still receive from ${id}`;
  return `the streams of its replicas from ${id} stand, and nothing has come through them for seconds: the same command sees in ${Math.ceil(seconds)} s whether ${id} is dead, for one that lives says something until then`;
}

/** Null: something came just now, or silence decides nothing. */
function decidedIn(look: NodeLook): number | null {
  const [limit, silent] = [silenceOf(look), look.silentSeconds ?? 0];
  return limit === null || silent < heardLatelySeconds ? null : limit - silent;
}

function viewOfRds({ activity }: Node): boolean | null {
  return activity === null || activity.ageSeconds > freshSeconds ? null : activity.busy;
}
