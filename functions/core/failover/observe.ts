import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { FailoverTopology, NodeLook } from "../contract/failover-topology.ts";
import { AwsError, messageOf } from "../errors.ts";
import { isAgreed } from "./agreement.ts";
import type { Situation } from "./choose.ts";
import { earlierIds } from "./earlier-runs.ts";
import { describeByAnyName, strayCandidate } from "./known-names.ts";
import { needsFence } from "./methods.ts";
import { type ByAnyName, byAnyName } from "./other-name.ts";
import type { FailoverPorts, Scope } from "./ports.ts";
import type { Answer, Seen } from "./turn.ts";

/** Nothing is asked of names before they matter. */
const namesMatter: readonly Phase[] = ["check", "repoint", "prove-name"];
/** Nobody is asked behind these, nor is an answer waited for. */
const asks: readonly Phase[] = ["load", "lock", "choose", "check", "approve"];
/**
 * Where a session of the look before is good enough. Whether a database lets anybody in is judged before, by a sign-in of
 * its own each time; and behind the promotion the new writer has to let us in anew.
 */
const keeps: readonly Phase[] = ["fence", "catch-up", "execute", "wait"];
/** The group itself matters no more: what is left is to be said and given back. */
const over: readonly Phase[] = ["announce", "release", "ended"];
/** Behind the call every veto has been judged: what they need is not asked again, and costs most of a look. */
const judged: readonly Phase[] = [
  ...(["wait", "prove-writable", "repoint", "prove-name", "rebuild", "compensate"] as const),
];

/** Everything at once; what does not answer is null, and stops nobody else from being asked. */
export async function observe(
  run: FailoverRun,
  ports: FailoverPorts,
  now: number,
  situation: Situation,
  answer: Answer | null,
  signal?: AbortSignal,
): Promise<Seen> {
  const known = run.group === null ? null : holderOf(run.group, ports, signal);
  const looks = looksAt(run, ports, signal);
  const [{ described, trouble, gone: own, others: renamed = [] }, approval] = await Promise.all([
    describe(run, ports, signal),
    asks.includes(run.phase) ? orNull(ports.voice.approval(run.id, signal)) : null,
  ]);
  const group = described?.group ?? null;
  const [topology, lock, names] = await Promise.all([
    described === null ? null : looked(described, looks, run, ports, signal),
    known ?? (group === null ? null : holderOf(group, ports, signal)),
    namesOf(run, described, ports, signal),
  ]);
  const partial = isFirst(run) ? ({ partial: true } as const) : {};
  const earlier = await earlierRuns(run, topology, lock, renamed, ports);
  const others = await goneOf(run, earlier.earlier ?? [], topology, ports, signal);
  const gone = [...own, ...others];
  const seen = { now, topology, situation, lock, approval, names, answer, gone, ...partial, ...earlier };
  return trouble == null ? seen : { ...seen, trouble };
}

/** What they left is looked at once, where everything is; whom they called for, where a fence is taken off. */
async function earlierRuns(
  run: FailoverRun,
  topology: FailoverTopology | null,
  lock: Seen["lock"],
  renamed: readonly FailoverRun[],
  { runs }: FailoverPorts,
): Promise<Pick<Seen, "earlier">> {
  if (topology === null || !["load", "lock", "compensate"].includes(run.phase)) return {};
  const holder = lock === null || lock === "free" ? null : lock.run;
  const found = await Promise.all(earlierIds(run, topology, holder).map((id) => orNull(runs.get(id))));
  const others = renamed.filter(({ id }) => found.every((one) => one?.id !== id));
  return { earlier: [...found.filter((one) => one !== null), ...others] };
}

function known(id: string | null): readonly string[] {
  return id === null ? [] : [id];
}

/** Of the calls of others it matters to whoever takes a fence off. */
async function goneOf(
  { phase }: FailoverRun,
  earlier: readonly FailoverRun[],
  topology: FailoverTopology | null,
  { controlPlane }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (topology === null || phase !== "compensate") return [];
  const found = await Promise.all(
    earlier.map(async (one) => ({
      one,
      stray: await orNull(strayCandidate(one, topology, controlPlane, signal)),
    })),
  );
  return found.flatMap(({ one, stray }) => (stray === "gone" ? known(one.candidate) : []));
}

function holderOf(group: string, { lock }: FailoverPorts, signal: AbortSignal | undefined) {
  return orNull(lock.holder(group, signal).then((holder) => holder ?? ("free" as const)));
}

interface Described extends Partial<Pick<ByAnyName, "others">> {
  readonly described: FailoverTopology | null;
  readonly trouble: Seen["trouble"] | null;
  readonly gone: readonly string[];
}

async function describe(
  run: FailoverRun,
  { controlPlane, runs }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<Described> {
  if (over.includes(run.phase)) return { described: null, trouble: null, gone: [] };
  try {
    const named = await describeByAnyName(run, controlPlane, scopeOf(run), signal);
    const { topology: group, others } = await byAnyName(run, named, runs);
    const stray = await orNull(strayCandidate(run, group, controlPlane, signal));
    if (stray === "gone") return { described: group, trouble: null, gone: known(run.candidate), others };
    const nodes = stray === null ? group.nodes : [...group.nodes, stray];
    return { described: { ...group, nodes }, trouble: null, gone: [], others };
  } catch (error) {
    return { described: null, gone: [], trouble: { says: messageOf(error), lasting: isLasting(error) } };
  }
}

function scopeOf(run: FailoverRun): Scope {
  if (isFirst(run)) return "roles";
  // A call that was cleared anew has its loss measured by this look.
  const called = run.sent["execute"]?.at ?? Number.POSITIVE_INFINITY;
  // Who takes writes is judged anew, by all that can be seen.
  if (!isAgreed(run)) return "all";
  const sent = run.phase === "execute" && run.sent["execute"] !== undefined && called >= (run.clearedAt ?? 0);
  return needsFence(run.method) && (sent || judged.includes(run.phase)) ? "roles" : "all";
}

/** What it decides is whose lock to take; everything is looked at under the lock. */
function isFirst({ phase, input }: FailoverRun): boolean {
  return phase === "load" && !input.dryRun;
}

/** A name that RDS does not know, or a call that it does not allow; what is only too much is allowed later. */
function isLasting(error: unknown): boolean {
  return error instanceof AwsError && error.refused && !/throttl|limit|toomany/i.test(error.code);
}

type Looks = ReadonlyMap<string, Promise<NodeLook | null>>;

/** Whom the look before met is asked while RDS is: a server that hangs takes longest of all. */
function looksAt(run: FailoverRun, { door }: FailoverPorts, signal: AbortSignal | undefined): Looks {
  const ids = isFirst(run) || over.includes(run.phase) ? [] : run.known;
  const group = { nodes: ids.map((id) => ({ id })) };
  return new Map(ids.map((id) => [id, orNull(door.look({ id }, group, signal, sessionOf(run)))]));
}

function sessionOf({ phase }: FailoverRun): "kept" | "new" {
  return keeps.includes(phase) ? "kept" : "new";
}

async function looked(
  topology: FailoverTopology,
  looks: Looks,
  run: FailoverRun,
  { door }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<FailoverTopology> {
  if (isFirst(run)) return topology;
  const nodes = await Promise.all(
    topology.nodes.map(async (node) => ({
      ...node,
      look: await (looks.get(node.id) ?? orNull(door.look(node, topology, signal, sessionOf(run)))),
    })),
  );
  return { ...topology, nodes };
}

async function namesOf(
  run: FailoverRun,
  topology: FailoverTopology | null,
  { names }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<Seen["names"]> {
  if (topology === null || !namesMatter.includes(run.phase)) return [];
  return Promise.all(
    run.names.map(async (ref) => ({ ref, reading: await orNull(names.read(ref, topology, signal)) })),
  );
}

/** What it was that did not answer is said by the phase that misses it. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}
