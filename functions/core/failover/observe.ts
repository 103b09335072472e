import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { FailoverTopology } from "../contract/failover-topology.ts";
import { AwsError, messageOf } from "../errors.ts";
import type { Situation } from "./choose.ts";
import type { FailoverPorts } from "./ports.ts";
import type { Answer, Seen } from "./turn.ts";

/** Nothing is asked of names before they matter. */
const namesMatter: readonly Phase[] = ["prove-writable", "repoint", "prove-name"];

/** Everything at once; what does not answer is null, and stops nobody else from being asked. */
export async function observe(
  run: FailoverRun,
  ports: FailoverPorts,
  now: number,
  situation: Situation,
  answer: Answer | null,
  signal?: AbortSignal,
): Promise<Seen> {
  const [{ described, trouble }, approval] = await Promise.all([
    describe(run, ports, signal),
    orNull(ports.voice.approval(run.id, signal)),
  ]);
  const group = run.group ?? described?.group ?? null;
  const [topology, lock, names] = await Promise.all([
    described === null ? null : looked(described, ports, signal),
    group === null ? null : orNull(ports.lock.holder(group, signal).then((holder) => holder ?? "free")),
    namesOf(run, described, ports, signal),
  ]);
  const seen = { now, topology, situation, lock, approval, names, answer };
  return trouble === null ? seen : { ...seen, trouble };
}

async function describe(run: FailoverRun, { controlPlane }: FailoverPorts, signal: AbortSignal | undefined) {
  try {
    return { described: await controlPlane.describe(run.input.database, signal), trouble: null };
  } catch (error) {
    return { described: null, trouble: { says: messageOf(error), lasting: isLasting(error) } };
  }
}

/** A name that RDS does not know, or a call that it does not allow; what is only too much is allowed later. */
function isLasting(error: unknown): boolean {
  return error instanceof AwsError && error.refused && !/throttl|limit|toomany/i.test(error.code);
}

async function looked(
  topology: FailoverTopology,
  { door }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<FailoverTopology> {
  const nodes = await Promise.all(
    topology.nodes.map(async (node) => ({ ...node, look: await orNull(door.look(node, topology, signal)) })),
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
