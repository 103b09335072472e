import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { agreementMs } from "../../functions/core/failover/agreement-time.ts";
import { lossText } from "../../functions/core/failover/loss.ts";
import type { Hands } from "./failover-days-people.ts";
import type { Deed } from "./failover-days-ports.ts";

const minute = 60_000;
/** Where nobody could fence it, the sweeper is to have done so by then, or to have said that it does not. */
const unfencedMs = 10 * minute;
const unfencedSweeps = 3;
/** Five executions of a run may die in a row, each found within five minutes, before it is given up, and that told. */
const goesOnMs = 30 * minute;

/** One row that a client was told is kept. */
export interface Write {
  readonly row: number;
  /** The server's name of then, and its resource. */
  readonly by: string;
  readonly resource: string;
  readonly at: number;
  /** The client, and the name by which it came there. */
  readonly via: string;
}

export interface WritersOptions {
  readonly hands: Hands;
  readonly acknowledged: readonly Write[];
  runs(): readonly FailoverRun[];
  fault(says: string): void;
  /** Rounds of the sweeper since then. */
  sweepsSince(time: number): number;
  said(): readonly string[];
}

interface Move {
  readonly run: string;
  readonly to: string;
  /** Of the one that the run left, not on the one that the name leads to now. */
  readonly missing: readonly Write[];
  readonly lastAt: number;
}

/** Who takes writes beside whom, who was promoted by which run, and what each move of a name leaves behind. */
export function createWriters(options: WritersOptions) {
  const { hands, acknowledged, runs, fault } = options;
  const { world, by: people, resources } = hands;
  const runOf = (id: string | undefined) => runs().find((run) => run.id === id);
  /** By resource: the run whose call promoted it, and when that was sent. */
  const promoted = new Map<string, { readonly run: string; readonly at: number }>();
  const calls: { run: string; resource: string; node: string; at: number; open: boolean }[] = [];
  const pairs = new Map<string, { readonly since: number; last: number }>();
  const [moves, counted] = [[] as Move[], new Set<number>()];
  let [taken, name, pointed] = [0, world.name, null as Deed | null];

  const promotions = () => {
    for (const node of world.promoted.slice(taken)) {
      const resource = resources.get(node) ?? node;
      const call = calls.findLast((one) => one.resource === resource);
      if (call === undefined) continue;
      const other = [...promoted].find(([id, { run }]) => run === call.run && id !== resource);
      if (other !== undefined) fault(`${call.run} promoted ${other[0]} and ${resource}`);
      promoted.set(resource, { run: call.run, at: call.at });
    }
    taken = world.promoted.length;
  };
  const isByPeople = (resource: string) => [...people.promoted].some((id) => resources.get(id) === resource);
  const isExcused = (old: Write, run: FailoverRun | undefined, at: number) =>
    isByPeople(old.resource) || (people.opened.get(old.by) ?? 0) >= at || run?.fencedBy === "nobody";
  const isTold = (node: string, run: FailoverRun | undefined) =>
    options
      .said()
      .some((says) => says.includes(node) && /NOT FENCED|cannot be looked at|left as/.test(says)) ||
    new RegExp(`${node} (takes|may take) writes`).test(run?.ending?.says ?? "");
  const beside = (one: Write, other: Write) => {
    const of = (write: Write) => promoted.get(write.resource)?.at ?? 0;
    const [old, made] = of(one) <= of(other) ? [one, other] : [other, one];
    const call = promoted.get(made.resource);
    if (call !== undefined && !isByPeople(made.resource)) takesBeside(old, made, call);
  };
  const takesBeside = (old: Write, made: Write, call: { readonly run: string; readonly at: number }) => {
    const key = `${old.resource} ${made.resource}`;
    const known = pairs.get(key);
    const since = known !== undefined && old.at - known.last <= minute ? known.since : old.at;
    pairs.set(key, { since, last: old.at });
    // Whose fence it was to be: of the run that left it.
    const run =
      runs().findLast((one) => one.oldResource === old.resource && one.times.sent !== null) ??
      runOf(call.run);
    const leftAt = calls.findLast((one) => one.run === run?.id)?.at ?? call.at;
    if (isExcused(old, run, leftAt)) return;
    const isProved = run?.fencedBy === "door" || run?.fencedBy === "restart";
    const limitMs = run?.phase === "ended" ? unfencedMs : goesOnMs;
    const isLong = old.at - since >= limitMs && options.sweepsSince(since) >= unfencedSweeps;
    if (isProved || (isLong && !isTold(old.by, run)))
      fault(
        `TWO WRITERS: ${old.by} takes writes of ${old.via} beside ${made.by} of ${made.via}, promoted by ${call.run} (fenced by ${run?.fencedBy})`,
      );
  };
  const moved = () => {
    if (world.name === name) return;
    name = world.name;
    if (pointed === null || pointed.node !== name || people.namedAt === world.now()) return;
    const run = runOf(pointed.by);
    const old = run?.oldResource ?? `res-${run?.oldPrimary}`;
    const has = new Set(
      world.set.servers.get(name)?.log.map((change) => ("row" in change ? change.row : -1)) ?? [],
    );
    const own = acknowledged.filter(({ resource }) => resource === old);
    const missing = own.filter(({ row }) => !has.has(row) && !counted.has(row));
    for (const { row } of missing) counted.add(row);
    moves.push({ run: pointed.by, to: name, missing, lastAt: own.at(-1)?.at ?? 0 });
  };
  return {
    /** Behind the writes of one step. */
    tick: (wrote: readonly Write[]) => {
      promotions();
      moved();
      const last = new Map(wrote.map((write) => [write.resource, write]));
      const each = [...last.values()];
      for (const [at, one] of each.entries()) for (const other of each.slice(at + 1)) beside(one, other);
    },
    did: (deed: Deed, run: FailoverRun | undefined) => {
      if (deed.what === "point") pointed = deed;
      if (deed.what !== "promote") return;
      const { node, by } = deed;
      const resource = resources.get(node) ?? node;
      const others = calls.filter((call) => call.run === by && call.resource !== resource);
      const open = others.find(
        (call) =>
          call.open && world.now() - call.at < agreementMs && [...resources.values()].includes(call.resource),
      );
      if (open !== undefined) fault(`${by} calls for ${node}, and may have promoted ${open.node}`);
      if (!leadsTo(hands, node, run))
        fault(`${by} promotes ${node}, which does not follow ${run?.oldPrimary}`);
      calls.push({ run: by, resource, node, at: world.now(), open: true });
    },
    refused: ({ node, by }: Deed) => {
      const resource = resources.get(node) ?? node;
      const call = calls.findLast((one) => one.run === by && one.resource === resource);
      if (call !== undefined) call.open = false;
    },
    /** A loss that was told smaller than it is. */
    atTheEnd: () => moves.flatMap((move) => toldTooSmall(move, runOf(move.run))),
  };
}

/** Whom it is promoted in the place of is among its sources; one that is none's replica any more was promoted before. */
function leadsTo({ world, resources }: Hands, node: string, run: FailoverRun | undefined): boolean {
  const { servers } = world.set;
  let source = servers.get(node)?.replicaOf ?? null;
  if (source === null) return true;
  for (let level = 0; level < 6 && source !== null; level += 1) {
    if (source === run?.oldPrimary || resources.get(source) === run?.oldResource) return true;
    source = servers.get(source)?.replicaOf ?? null;
  }
  return false;
}

const bytesOfOne = 0x100;

function toldTooSmall({ run: id, to, missing, lastAt }: Move, run: FailoverRun | undefined): string[] {
  const [first] = missing;
  if (first === undefined || run === undefined) return [];
  const { bytes = null, transactions = null, seconds = null, whole, atMost } = run.loss ?? {};
  const ageMs = lastAt - first.at;
  const says = lossText(run.loss);
  // What nobody could ask for is not known, and since when nothing was heard of it is said: it is no more than that.
  const isLast = / last sign of life, .* before, is not known$/.test(says) || ageMs <= minute;
  const isUnasked = says.startsWith("nothing that is known of") && isLast;
  const isSmall =
    (says.startsWith("nothing") && !isUnasked) ||
    (whole === true && bytes !== null && bytes < missing.length * bytesOfOne) ||
    (whole === true && transactions !== null && transactions < missing.length) ||
    (atMost === true && seconds !== null && ageMs > 1000 * seconds + 60_000);
  const rows = `${missing.length} rows of ${first.by}, the first ${Math.round(ageMs / 1000)} s before its last`;
  return isSmall ? [`${id} moved the name to ${to}, which lacks ${rows}: told ${says}`] : [];
}
