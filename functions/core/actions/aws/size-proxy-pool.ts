import * as z from "zod";
import type { ProxyPool } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, type TakesBack, verdictOf } from "../steps.ts";
import { triedBefore } from "./guards.ts";
import { seenFirst } from "./seen-first.ts";
import { began, sendOnce } from "./send-once.ts";

const poolSchema = z
  .strictObject({
    /** Of max_connections of the database. */
    maxConnectionsPercent: z.int().min(1).max(100),
    maxIdleConnectionsPercent: z.int().min(0).max(100),
    borrowTimeoutSeconds: z.int().min(0).max(300),
  })
  .refine(
    ({ maxConnectionsPercent: most, maxIdleConnectionsPercent: idle }) => idle <= most,
    "more idle connections than connections",
  );
type Pool = z.infer<typeof poolSchema>;

const inputSchema = z.strictObject({
  proxy: z.string().min(1),
  group: z.string().min(1).default("default"),
  from: poolSchema,
  to: poolSchema,
});
type Input = z.infer<typeof inputSchema>;

const longestSeconds = 900;

/** A29: how much of the database's connections RDS Proxy may take. */
export const sizeProxyPoolOffer = defineOffer({
  id: "size-proxy-pool",
  spec: ["A29", "A40"],
  title: "Size the pool of the proxy",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The pool of before, by the same call.",
  preview: (input, target) => callPreview(target, callOf(input)),
  describes: ({ proxy, from, to }) =>
    `Sets the pool of the proxy ${proxy} from ${textOf(from)} to ${textOf(to)}`,
  key: ({ proxy, group, to }) => `size-proxy-pool ${proxy} ${group} ${textOf(to)}`,
});

export const sizeProxyPool = /* @__PURE__ */ defineAwsAction(sizeProxyPoolOffer, {
  calls: ["ModifyDBProxyTargetGroup"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<Input>);

function textOf({ maxConnectionsPercent, maxIdleConnectionsPercent, borrowTimeoutSeconds }: Pool): string {
  return `${maxConnectionsPercent} % (${maxIdleConnectionsPercent} % idle, ${borrowTimeoutSeconds} s to wait)`;
}

/** All three go along: RDS derives the share of idle ones anew where only the other is given. */
function callOf({ proxy, group, to }: Input): AwsCall {
  return {
    operation: "ModifyDBProxyTargetGroup",
    input: {
      ...{ TargetGroupName: group, DBProxyName: proxy },
      ConnectionPoolConfig: {
        MaxConnectionsPercent: to.maxConnectionsPercent,
        MaxIdleConnectionsPercent: to.maxIdleConnectionsPercent,
        ConnectionBorrowTimeout: to.borrowTimeoutSeconds,
      },
    },
  };
}

function backOf({ proxy, group, from, to }: Input): NonNullable<TakesBack> {
  return { actionId: "size-proxy-pool", input: { proxy, group, from: to, to: from } };
}

function has(pool: ProxyPool, wanted: Pool): boolean {
  return (
    pool.maxConnectionsPercent === wanted.maxConnectionsPercent &&
    pool.maxIdleConnectionsPercent === wanted.maxIdleConnectionsPercent &&
    pool.borrowTimeoutSeconds === wanted.borrowTimeoutSeconds
  );
}

function seenText({
  maxConnectionsPercent: most,
  maxIdleConnectionsPercent: idle,
  borrowTimeoutSeconds: wait,
}: ProxyPool): string {
  return `${most ?? "?"} % (${idle ?? "?"} % idle, ${wait ?? "?"} s to wait)`;
}

async function preCheck({ rds, target, signal, repeated }: AwsWorld, input: Input): Promise<Check> {
  const { proxy, group, from, to } = input;
  const pool = await rds.proxyPool(proxy, group, signal);
  if (pool === null)
    return refuse("no-such-proxy", `RDS knows no proxy ${proxy} with a target group ${group}.`, looksAgain);
  if (!pool.targets.some((id) => id === target.name || id === target.clusterId)) {
    return refuse("another-database", `${target.name} is not behind the proxy ${proxy}.`, looksAgain);
  }
  if (has(pool, to)) {
    const says = `The pool of ${proxy} has ${textOf(to)} already.`;
    if (!repeated) return { kind: "already-done", says };
    const own = `${says} An earlier attempt at this order may have set it.`;
    return { kind: "already-done", says: own, undo: backOf(input) };
  }
  if (!has(pool, from) && !repeated) {
    const reason = `The pool of ${proxy} has ${seenText(pool)} by now, not ${textOf(from)}.`;
    return refuse("state-changed", reason, looksAgain);
  }
  // Of no row of the table of statuses: target groups have their own (API_DBProxyTargetGroup.html).
  const busy = busyText(input, pool);
  if (busy !== null && !repeated)
    return refuse("database-status", busy, "Lifts by itself when it is available again.");
  return { kind: "go", says: `The pool of ${proxy} has ${seenText(pool)}.` };
}

function busyText({ proxy }: Input, { status }: ProxyPool): string | null {
  return status === null || status === "available" ? null : `The target group of ${proxy} is ${status}.`;
}

/** A repeat that cannot tell what an earlier attempt has done by now. What else the pool was set to before is not known. */
function looksOnly(world: AwsWorld, input: Input, why: string): Run {
  const says = `${why} ${triedBefore} Nothing was sent again: the numbers are looked for.`;
  return { ...began(world, longestSeconds, says), handle: { rest: null }, undo: backOf(input) };
}

async function run(world: AwsWorld, input: Input): Promise<Run> {
  const { proxy, group, from, to } = input;
  const read = await seenFirst(() => world.rds.proxyPool(proxy, group, world.signal));
  if ("not" in read) return world.repeated ? looksOnly(world, input, read.not.reason) : read.not;
  const pool = read.seen;
  const busy = pool === null ? null : busyText(input, pool);
  if (world.repeated && busy !== null) return looksOnly(world, input, busy);
  const rest = pool?.rest ?? null;
  const undo = backOf(input);
  const setBack = pool === null ? null : setSince(world, input, pool);
  if (setBack !== null) return { ...began(world, longestSeconds, setBack), handle: { rest }, undo };
  if (pool !== null && !has(pool, from) && !has(pool, to)) {
    const seen = `The pool of ${proxy} has ${seenText(pool)} by now, neither ${textOf(from)} nor ${textOf(to)}`;
    if (!world.repeated)
      return { kind: "refuse", guard: "state-changed", reason: `${seen}.`, release: looksAgain };
    const says = `${seen}: an earlier attempt may have set it, and somebody has set it since. Nothing was sent again.`;
    return { kind: "failed", says };
  }
  // The same numbers a second time are the same numbers.
  const sent = await sendOnce(world, callOf(input), longestSeconds, {
    taken: `RDS has taken ${textOf(to)} for ${proxy}.`,
    lookedFor: "The numbers are looked for.",
    nothingThere: "nothing of it is there",
  });
  if (sent.kind !== "began") return sent;
  return { ...sent, handle: { rest }, undo };
}

/**
 * A pool that is as it was before may have been set by an earlier attempt, and back by a person: by when RDS says that its
 * target group was last updated, to the second. Null: this attempt may send.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxyTargetGroup.html
 */
function setSince({ repeated, orderedAt }: AwsWorld, { proxy, from, to }: Input, pool: ProxyPool) {
  const { updatedAt } = pool;
  if (!repeated || !has(pool, from)) return null;
  if (updatedAt !== null && Date.parse(updatedAt) < Math.floor(orderedAt / 1000) * 1000) return null;
  const seen = updatedAt === null ? "RDS does not tell when" : `RDS says at ${updatedAt}, since the order`;
  return `The pool of ${proxy} has ${textOf(from)}. It was last updated (${seen}): an earlier attempt may have set ${textOf(to)}, and somebody has set it back. Nothing was sent again: the numbers are looked for.`;
}

const handleSchema = z.object({ rest: z.string().nullable() }).catch({ rest: null });

async function look({ rds, clock, signal }: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const { proxy, group, to } = input;
  const pool = await rds.proxyPool(proxy, group, signal);
  const next = `Next: aws rds describe-db-proxy-target-groups --db-proxy-name ${proxy}`;
  if (pool === null) return { kind: "failed", says: `RDS knows no proxy ${proxy} any more. ${next}` };
  const told = `The pool of ${proxy} has ${seenText(pool)}`;
  if (has(pool, to)) {
    const { rest } = handleSchema.parse(running?.handle);
    const undo = backOf(input);
    if (rest !== null && rest !== pool.rest) {
      const says = `${told}, and what else it is set to has changed with it, from ${rest} to ${pool.rest}. ${next}`;
      return { kind: "ended", verdict: { kind: "not-verified", says }, undo };
    }
    return { kind: "ended", verdict: { kind: "verified", says: `${told}.` }, undo };
  }
  const long = running !== undefined && clock.now() - Date.parse(running.startedAt) > 120_000;
  return long
    ? { kind: "failed", says: `${told}: the call was not taken, or somebody has set it back. ${next}` }
    : { kind: "running", says: `${told}.` };
}
