import type { Changeable } from "../../change-ports.ts";
import { list } from "../../text/wording.ts";
import type { Following } from "../steps.ts";

export type Wanted = Readonly<Record<string, string | number | boolean>>;

interface Times {
  readonly now: number;
  /** When it was ordered or begun. */
  readonly since: number;
  /** How long it is waited for; null where nobody waits. */
  readonly until?: number | null;
  /** An earlier attempt may have sent this very change: what waits with its values is its doing, and carried out soon. */
  readonly sent?: boolean;
}

export interface Standing {
  readonly following: Following;
  /** Seen to be carried out just now: nothing has to be sent for it. */
  readonly underWay: boolean;
  /** Names of the wanted values that are there. */
  readonly there: readonly string[];
}

/** After the call the status stays what it was for a while; later than this RDS has let go of it. */
const graceMs = 300_000;

/** Statuses out of which a database does not come by itself (accessing-monitoring.html). */
const broken =
  /^(failed|insufficient-capacity|inaccessible-.*|incompatible-.*|restore-error|upgrade_failed|deleting|stopped)$/;

/**
 * How far a change is, by what RDS shows: it is done when the database is available, nothing of it waits and the new values
 * are there. While storage is being optimized it is not.
 */
export function standing(state: Changeable, wanted: Wanted, times: Times): Standing {
  const { id, status, pending } = state;
  const missing = Object.entries(wanted).filter(([name, value]) => state.has[name] !== value);
  const there = Object.keys(wanted).filter((name) => state.has[name] === wanted[name]);
  const waiting = pending.filter(({ name }) => name in wanted);
  const values = list(Object.entries(wanted).map(([name, value]) => `${name} ${value}`));
  if (missing.length === 0 && waiting.length === 0 && status === "available") {
    const says = `${id} is available with ${values}, and nothing of it is pending.`;
    return { following: { kind: "ended", verdict: { kind: "verified", says } }, underWay: false, there };
  }
  const at =
    missing.length === 0 ? `has ${values}` : `still has ${list(missing.map(([name]) => now(state, name)))}`;
  const told = `${id} is ${status ?? "in an unknown status"} and ${at}${waitingText(waiting)}${operationText(state)}`;
  if (status !== null && broken.test(status) && missing.length > 0)
    return { following: { kind: "failed", says: `${told}. ${nextCommand(state)}` }, underWay: false, there };
  const atRest = status === "available" || status === "storage-full";
  const quiet = atRest && waiting.length === 0 && missing.length > 0;
  if (quiet && times.now - times.since > graceMs) {
    const says = `${told}: RDS has nothing of the change in hand. ${nextCommand(state)}`;
    return { following: { kind: "failed", says }, underWay: false, there };
  }
  const says = isLate(times) ? `${told}. ${nextCommand(state)}` : `${told}.`;
  const isMoving = (waiting.length === 0 ? !atRest : isChanging(state, wanted)) || times.sent === true;
  return {
    following: { kind: "running", says },
    underWay: isMoving && began(missing, waiting, wanted),
    there,
  };
}

export function gone({ of }: { readonly of: string }): Standing {
  return { following: { kind: "failed", says: `RDS knows no ${of} any more.` }, underWay: false, there: [] };
}

function isLate({ until, now: at }: Times): boolean {
  return until !== undefined && until !== null && at >= until;
}

/** Modifying for something else is not this, nor for another value. */
function began(missing: readonly unknown[], waiting: Changeable["pending"], wanted: Wanted): boolean {
  return waiting.length === 0 ? missing.length === 0 : waiting.every((one) => isWanted(one, wanted));
}

/**
 * What waits with the wanted value may wait for the maintenance window, and whatever else happens to the database until
 * then is no sign of it: a backup is not, nor is a volume that is optimized one of a class.
 */
function isChanging({ status, storageOperation }: Changeable, wanted: Wanted): boolean {
  if (status === "modifying") return true;
  const ofStorage = ["AllocatedStorage", "StorageType", "Iops", "StorageThroughput"];
  const isStorage = storageOperation !== null || /^storage-(?!full$)/.test(status ?? "");
  return isStorage && ofStorage.some((name) => name in wanted);
}

export function isWanted({ name, value }: Changeable["pending"][number], wanted: Wanted): boolean {
  return name in wanted && value === String(wanted[name]);
}

function now({ has }: Changeable, name: string): string {
  const value = has[name];
  return value === undefined ? `no ${name}` : `${name} ${value}`;
}

function waitingText(waiting: Changeable["pending"]): string {
  return waiting.length === 0
    ? ""
    : `; pending: ${list(waiting.map(({ name, value }) => `${name} ${value ?? "(hidden)"}`))}`;
}

function operationText({ storageOperation }: Changeable): string {
  if (storageOperation === null) return "";
  const { status, percent } = storageOperation;
  return `; storage: ${status}${percent === null ? "" : ` ${percent} %`}`;
}

/** What a person types next, to see what became of it. */
export function nextCommand({ kind, id }: Pick<Changeable, "kind" | "id">): string {
  return `Next: aws rds describe-events --source-type db-${kind} --source-identifier ${id} --duration 1440`;
}
