import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { FailoverTopology, NameRef } from "../contract/failover-topology.ts";
import { AwsError, messageOf } from "../errors.ts";
import { isAgreed } from "./agreement.ts";
import type { Situation } from "./choose.ts";
import { describeByAnyName, isOldGone, isUnknownName, strayCandidate } from "./known-names.ts";
import { type Asking, isFirst, looked, looksAt, orNull, over } from "./look-at-all.ts";
import { earlierRuns, goneOf, idsOf } from "./look-at-records.ts";
import { needsFence } from "./methods.ts";
import { type ByAnyName, byAnyName } from "./other-name.ts";
import { isPassedBy } from "./passing-look.ts";
import type { FailoverPorts, Scope } from "./ports.ts";
import { type Answer, mayHaveHappened, type Seen } from "./turn.ts";

/** Nothing is asked of names before they matter. */
const namesMatter: readonly Phase[] = ["lock", "choose", "check", "prove-writable", "repoint", "prove-name"];
/** Nobody is asked behind these, nor is an answer waited for. */
const asks: readonly Phase[] = ["load", "lock", "choose", "check", "approve"];
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
  const passed = run.known.filter((id) => isPassedBy(run, id, now));
  const asking: Asking = { run, ports, signal, now, passed };
  const looks = looksAt(asking);
  const [{ described, trouble, gone: own, oldGone, others: renamed = [], unread = [] }, approval] =
    await Promise.all([
      describe(run, ports, now, signal),
      asks.includes(run.phase) ? orNull(ports.voice.approval(run.id, signal)) : null,
    ]);
  const group = described?.group ?? null;
  const [topology, lock, names] = await Promise.all([
    described === null ? null : looked(described, looks, asking),
    known ?? (group === null ? null : holderOf(group, ports, signal)),
    namesOf(asking, described),
  ]);
  const partial = isFirst(run) ? ({ partial: true } as const) : {};
  const { trouble: lost, ...earlier } = await earlierRuns(run, topology, lock, renamed, ports);
  const others = await goneOf(run, earlier.earlier ?? [], topology, ports, signal);
  const gone = [...own, ...others];
  const left = [...new Set([...unread, ...(earlier.unread ?? [])])];
  const seen = {
    now,
    topology: lost === undefined ? topology : null,
    situation,
    lock,
    approval,
    names,
    answer,
    gone,
    passed,
    ...(oldGone === undefined ? {} : { oldGone }),
    ...partial,
    ...earlier,
    ...(left.length === 0 ? {} : { unread: left }),
  };
  const why = trouble ?? lost;
  return why === undefined ? seen : { ...seen, trouble: why };
}

function holderOf(group: string, { lock }: FailoverPorts, signal: AbortSignal | undefined) {
  return orNull(lock.holder(group, signal).then((holder) => holder ?? ("free" as const)));
}

interface Described extends Partial<Pick<ByAnyName, "others" | "unread">> {
  readonly described: FailoverTopology | null;
  readonly trouble: Seen["trouble"] | null;
  readonly gone: readonly string[];
  readonly oldGone?: boolean | null;
}

async function describe(
  run: FailoverRun,
  { controlPlane, runs }: FailoverPorts,
  now: number,
  signal: AbortSignal | undefined,
): Promise<Described> {
  if (over.includes(run.phase)) return { described: null, trouble: null, gone: [] };
  let records = false;
  try {
    const named = await describeByAnyName(run, controlPlane, scopeOf(run), signal);
    records = true;
    const { topology: group, ...beside } = await byAnyName(run, named, runs, now);
    const [stray, old] = await Promise.all([
      orNull(strayCandidate(run, group, controlPlane, signal)),
      twice(() => isOldGone(run, group, controlPlane, signal)),
    ]);
    const found = { trouble: null, oldGone: old, ...beside };
    if (stray === "gone") return { described: group, gone: idsOf(run.candidate), ...found };
    const nodes = stray === null ? group.nodes : [...group.nodes, stray];
    return { described: { ...group, nodes }, gone: [], ...found };
  } catch (error) {
    const of = { lasting: isLasting(error), unknown: !records && isUnknownName(error), records };
    return { described: null, gone: [], trouble: { says: messageOf(error), ...of } };
  }
}

/** Of a deleted one it would be written down for good that it may have taken writes. */
async function twice<T>(ask: () => Promise<T>): Promise<T | null> {
  return (await orNull(ask())) ?? (await orNull(ask()));
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

/** A name that RDS does not know, or a call that it does not allow; what is only too much is allowed later. */
function isLasting(error: unknown): boolean {
  return error instanceof AwsError && error.refused && !/throttl|limit|toomany/i.test(error.code);
}

async function namesOf(
  { run, ports, signal }: Asking,
  topology: FailoverTopology | null,
): Promise<Seen["names"]> {
  const { phase, input, staysAt } = run;
  // Where people stay with the old primary it is not opened beside a copy that clients are on.
  const stays = phase === "compensate" && staysAt !== null;
  // Behind the call a card may be about where a name leads.
  const asked = phase === "approve" && mayHaveHappened(run, "execute");
  const matter = stays || asked || namesMatter.includes(phase) || (phase === "load" && input.dryRun);
  if (topology === null || isFirst(run) || !matter) return [];
  const refs = ["load", "lock"].includes(phase) ? topology.names : run.names;
  const what = phase === "prove-name" ? "proved" : "where";
  const read = (ref: NameRef) => orNull(ports.names.read(ref, topology, signal, what));
  return Promise.all(refs.map(async (ref) => ({ ref, reading: await read(ref) })));
}
