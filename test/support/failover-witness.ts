import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import { type FailoverRun, failoverRunSchema } from "../../functions/core/contract/failover.ts";
import { saysThatItTook } from "../../functions/core/failover/loss.ts";
import { original, type Script } from "./failover-script.ts";

const ttlMs = 5000;

/** Watches the world and never asks the responder: what it finds is by its own ledger. */
export interface Witness {
  readonly script: Script;
  clientsWrite(): void;
  look(): void;
  readonly runs: () => readonly FailoverRun[];
  readonly promoted: readonly string[];
  /** Broken invariants, in words; empty when all is well. */
  readonly broken: () => readonly string[];
}

interface Client {
  readonly id: string;
  target: string;
  resolvedAt: number;
  failingSince: number | null;
}

export function createWitness(world: FailoverWorld, script: Script): Witness {
  const clients: Client[] = ["a", "b", "c"].map((id) => ({
    ...{ id, target: original, resolvedAt: 0, failingSince: null },
  }));
  const acknowledged: { row: number; by: string; at: number }[] = [];
  const faults: string[] = [];
  let rows = 0;
  let checkedHealthy = false;
  const phases = new Map<string, string>();
  const left = createLeftAlone(world, script);
  const writeOnce = (client: Client) => {
    const now = world.now();
    const holds = world.set.servers.get(client.target)?.sessions.has(client.id) === true;
    if (!holds && now - client.resolvedAt >= ttlMs) {
      client.target = world.name;
      client.resolvedAt = now;
    }
    rows += 1;
    if (world.set.write(client.target, client.id, rows, now)) {
      acknowledged.push({ row: rows, by: client.target, at: now });
      client.failingSince = null;
      return;
    }
    client.failingSince ??= now;
    // A client's own time limit: it closes a session that does not answer.
    if (now - client.failingSince >= 3000) world.set.servers.get(client.target)?.sessions.delete(client.id);
  };
  const runs = () => [...world.runs.values()].map((body) => failoverRunSchema.parse(JSON.parse(body)));
  return {
    script,
    runs,
    promoted: world.promoted,
    clientsWrite: () => {
      for (const client of clients) writeOnce(client);
    },
    look: () => {
      faults.push(...left(acknowledged.findLast(({ by }) => by === original)?.at ?? null));
      for (const [id, body] of world.runs) {
        const phase = /"phase":"([a-z-]+)"/.exec(body)?.[1] ?? "";
        // Behind a call that may still come one that wakes up is fenced by what was judged before it.
        const called = /"execute":\{"at":(\d+)/.exec(body)?.[1];
        const young = called !== undefined && world.now() - Number(called) < agreementMs;
        if (phase === "fence" && phases.get(id) !== "fence" && !young) {
          const last = acknowledged.findLast(({ by }) => by === original);
          const up = world.set.servers.get(original)?.power === "up";
          checkedHealthy = up && last !== undefined && world.now() - last.at <= 2000;
        }
        phases.set(id, phase);
      }
    },
    broken: () => [
      ...faults,
      ...twoWriters(acknowledged),
      ...wrongPromotion(world, script, checkedHealthy),
      // Served from by people's will, it is the other one whose rows are missing: nobody was led to it.
      ...(script.byHand !== null && world.name === original ? [] : lostMore(world, acknowledged, runs())),
      ...runs().flatMap((run) => untold(world, run)),
      ...runs().flatMap((run) => afterSwitch(world, run)),
    ],
  };
}

/** What was judged and agreed to counts so long. */
const agreementMs = 960_000;

/**
 * Of one that has served for that long nobody has judged that it is dead, nor agreed that it is left: it is not touched
 * until it breaks. Told the last write that it confirmed, once a second.
 */
function createLeftAlone(world: FailoverWorld, { input }: Script): (lastWriteAt: number | null) => string[] {
  if (input.kind === "planned" || input.force !== false) return () => [];
  let since: number | null = null;
  let sent = world.failedOverAt;
  return (lastWriteAt) => {
    const now = world.now();
    const served = since !== null && now - since >= agreementMs;
    const touched = touchedOf(world, sent);
    sent = world.failedOverAt;
    const broken = lastWriteAt === null || now - lastWriteAt > 2000 || touched.length > 0;
    since = broken ? null : (since ?? now);
    return served ? touched.map((how) => `${original}, which served for 16 min, was ${how}`) : [];
  };
}

function touchedOf({ set, name, failedOverAt }: FailoverWorld, sentAt: number | null): string[] {
  const { fenced = false, groups = [] } = set.servers.get(original) ?? {};
  return [
    ...(fenced ? ["fenced"] : []),
    ...(groups.includes(quarantine) ? ["walled"] : []),
    ...(name === original ? [] : ["left by the name"]),
    ...(failedOverAt === sentAt ? [] : ["failed over"]),
  ];
}

function twoWriters(acknowledged: readonly { by: string; at: number }[]): string[] {
  const first = acknowledged.find(({ by }) => by !== original);
  const after = first && acknowledged.find(({ by, at }) => by === original && at > first.at);
  return after === undefined ? [] : ["the old primary took writes after the new one did"];
}

function afterSwitch({ switchedAt }: FailoverWorld, { id, sent }: FailoverRun): string[] {
  if (switchedAt === null) return [];
  const late = ["wall", "fence", "refence", "restart", "execute", "point:0"].filter(
    (key) => (sent[key]?.at ?? 0) > switchedAt,
  );
  return late.length === 0 ? [] : [`${id} sent ${late.join(", ")} with the kill switch engaged`];
}

function wrongPromotion({ promoted }: FailoverWorld, script: Script, healthy: boolean): string[] {
  if (promoted.length === 0) return [];
  const { kind, force } = script.input;
  return [
    ...(promoted.length > 1 ? [`promoted ${promoted.join(", ")}`] : []),
    ...(script.badCandidate === null ? [] : [`promoted although ${script.badCandidate} stood`]),
    // Whoever types a redrive minutes later agrees to it, though somebody may just have opened it.
    ...(healthy && script.byHand === null && kind === "unplanned" && force === false
      ? ["a healthy primary was failed over"]
      : []),
    ...(script.approval === "declined" || script.approval === "never" ? ["promoted without approval"] : []),
  ];
}

function lostMore(
  { set, promoted, promotedAt, progress }: FailoverWorld,
  acknowledged: readonly { row: number; by: string; at: number }[],
  runs: readonly FailoverRun[],
): string[] {
  const server = promoted[0] === undefined ? undefined : set.servers.get(promoted[0]);
  if (server === undefined) return [];
  const has = new Set(server.log.map((change) => ("row" in change ? change.row : -1)));
  const lost = acknowledged.filter(({ row }) => !has.has(row)).length;
  const by = runs.find(({ sent }) => sent["execute"] !== undefined);
  const { bytes, transactions } = by?.loss ?? { bytes: 0, transactions: 0 };
  const announcedNone = bytes === 0 && transactions === 0;
  const [at = 0] = promotedAt;
  const late = acknowledged.some((write) => write.by === original && write.at > at);
  const told =
    progress.some((says) => says.startsWith(original) && /NOT FENCED|fenced again/.test(says)) ||
    saysThatItTook(by?.loss ?? { bytes: 0, transactions: 0, seconds: 0, rows: 0, because: "" }, original) ||
    by?.notes.some((note) => note.includes("came back and took writes again")) === true ||
    by?.ending?.says.includes("TAKES WRITES AGAIN, or is about to") === true;
  return [
    ...(lost > 0 && announcedNone ? [`${lost} rows lost, none announced`] : []),
    ...(lost > 0 && by?.fencedBy === "door" && !told
      ? [`${lost} rows lost though the old primary could be asked`]
      : []),
    ...(late && !told ? ["the old primary took writes after the promotion, and nobody said so"] : []),
  ];
}

function untold({ told, set, promoted }: FailoverWorld, run: FailoverRun): string[] {
  if (run.phase !== "ended" || run.ending === null) return [`${run.id} never ended: ${run.phase}`];
  const heard = told.some(({ run: id }) => id === run.id);
  const undelivered = run.notes.some((note) => note.startsWith("The summary could not be delivered"));
  const old = set.servers.get(original);
  const shut = old !== undefined && (old.fenced || old.groups.includes(quarantine));
  const said = /fenced/i.test(run.ending.says);
  const ours = run.token !== null && promoted.length === 0 && run.sent["wall"] !== undefined;
  const otherGroups = old !== undefined && !shut && old.groups.join() !== "sg-app";
  return [
    ...(heard || undelivered ? [] : [`${run.id} ended untold`]),
    ...(ours && shut && !said ? [`${run.id} left the old primary fenced and did not say so`] : []),
    ...(ours && otherGroups ? [`${run.id} gave the old primary back with ${old.groups.join()}`] : []),
    ...(run.ending.nextCommand === "" ? [`${run.id} gave no next command`] : []),
  ];
}
