import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import type { FailoverWorld, Mishap } from "../../functions/adapters/memory/failover-world.ts";
import { createMemoryFailover } from "../../functions/adapters/memory/memory-failover.ts";
import { createReplicaSet, type Server } from "../../functions/adapters/memory/replica-set.ts";
import { newRun } from "../../functions/core/contract/failover.ts";
import { ResponderError } from "../../functions/core/errors.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { watchOldPrimary } from "../../functions/core/failover/watch-old-primary.ts";
import { happensByHand, lostCalls } from "./failover-by-hand.ts";
import { createRunner, type Runner } from "./failover-runner.ts";
import { type Fault, original, type Script, scriptOf } from "./failover-script.ts";
import { createWitness, type Witness } from "./failover-witness.ts";
import { type Seeded, seeded } from "./seeded.ts";

const bad: Readonly<Record<string, object>> = {
  "candidate-smaller": { instanceClass: "db.r7g.medium" },
  "candidate-version": { engineVersion: "16.8" },
  "candidate-backups-off": { backupRetentionDays: 0 },
  "storage-full": { freeStoragePercent: 1 },
};

function mishapOf(random: Seeded, probability: number): Mishap {
  const good = { deliver: true, twice: false, lateMs: 0, answer: "given" } as const;
  if (!random.chance(probability)) return good;
  return random.pick<Mishap>([
    { ...good, answer: "lost" },
    { ...good, deliver: false, answer: "lost" },
    { ...good, deliver: false, answer: "refused" },
    { ...good, twice: true },
    { ...good, lateMs: 1000 + random.int(9000), answer: "lost" },
    { ...good, lateMs: 1000 + random.int(9000), twice: true, answer: "lost" },
  ]);
}

interface Stage {
  readonly world: FailoverWorld;
  readonly ports: FailoverPorts;
  /** One second later. */
  tick(): void;
}

function stageOf(script: Script, random: Seeded): Stage {
  let now = Date.parse("2026-01-01T00:00:00Z");
  let due: { time: number; what: () => void }[] = [];
  const replicas = 2;
  const lost = script.byHand === null ? () => null : lostCalls(script.byHand);
  const worse = script.badCandidate === null ? {} : (bad[script.badCandidate] ?? {});
  const nodes = Object.fromEntries(
    Array.from({ length: replicas }, (_, at) => [`${original}-${at + 1}`, worse] as const),
  );
  const world: FailoverWorld = {
    ...{ set: createReplicaSet(replicas, now), topology: {}, nodes, name: original, now: () => now },
    ...{
      runs: new Map(),
      progress: [],
      told: [],
      lock: null,
      tokens: 0,
      approval: null,
      switchedAt: null,
      promoted: [],
      promotedAt: [],
      failedOverAt: null,
    },
    at: (time, what) => due.push({ time, what }),
    mishap: (of) => (of === "execute" ? lost() : null) ?? mishapOf(random, script.mishaps),
  };
  const tick = () => {
    now += 1000;
    const ready = due.filter(({ time }) => time <= now).toSorted((a, b) => a.time - b.time);
    due = due.filter(({ time }) => time > now);
    for (const { what } of ready) what();
    world.set.replicate(now, script.slow ? 2 : 1000);
  };
  return { world, ports: createMemoryFailover(world), tick };
}

function prepare({ world }: Stage, script: Script, start: number): void {
  const { fault, faultAtMs, backAtMs, second } = script;
  if (script.switchAtMs !== null) {
    world.at(start + script.switchAtMs, () => {
      world.switchedAt = world.now();
    });
  }
  if (script.byHand !== null) happensByHand(world, script.byHand, start);
  const [old, ...replicas] = [...world.set.servers.values()];
  if (old === undefined) return;
  world.at(start + faultAtMs, () => happen(old, fault));
  world.at(start + backAtMs, () => heal(world, old, fault));
  const server = second === null ? undefined : [old, ...replicas][second.of];
  if (second === null || server === undefined) return;
  world.at(start + second.atMs, () => happen(server, second.fault));
  world.at(start + second.atMs + second.healMs, () => heal(world, server, second.fault));
}

function happen(server: Server, fault: Fault): void {
  if (fault === "kill" || fault === "kill-restart" || fault === "stopped") server.power = "down";
  if (fault === "stopped") server.status = "stopped";
  if (fault === "freeze") server.power = "frozen";
  if (fault === "responder-cut" || fault === "isolated-with-clients") server.cut.add("responder");
  if (fault === "isolated-with-clients") server.cut.add("replicas");
  if (fault === "clients-cut") server.cut.add("clients");
}

/** RDS takes minutes to start an instance, and shows it from the first second. */
const startingMs = 60_000;

function heal(world: FailoverWorld, server: Server, fault: Fault): void {
  server.cut.clear();
  if (fault === "freeze" && server.power === "frozen") server.power = "up";
  if (fault === "stopped" && server.status === "stopped") {
    server.status = "starting";
    world.at(world.now() + startingMs, () => {
      server.status = "available";
      world.set.restart(server, world.now());
    });
  }
  if (fault === "kill-restart" && server.power === "down" && server.status === "available") {
    world.set.restart(server, world.now());
  }
}

function decideApproval({ world }: Stage, script: Script, start: number): void {
  if (script.approval === "given") return;
  const answer = { granted: "granted", declined: "declined", never: "expired" } as const;
  const after = script.approval === "never" ? 900_000 : 30_000;
  world.at(start + script.startAtMs + after, () => {
    world.approval = {
      is: answer[script.approval === "given" ? "granted" : script.approval],
      at: world.now(),
      by: "U1",
    };
  });
}

async function started(id: string, { ports, world }: Stage, script: Script, random: Seeded): Promise<Runner> {
  await ports.runs.save(newRun(id, script.input, world.now(), script.approval === "given"));
  return createRunner(id, ports, world, random, script);
}

const maxSeconds = 20_000;

/** Plays it to the end, a second at a time, and a little longer: what comes late has to come. */
export async function play(seed: number, change: Partial<Script> = {}): Promise<Witness> {
  const script = { ...scriptOf(seed), ...change };
  const random = seeded(seed + 1_000_003);
  const stage = stageOf(script, random);
  const { world } = stage;
  const start = world.now();
  prepare(stage, script, start);
  decideApproval(stage, script, start);
  const witness = createWitness(world, script);
  const ids = script.twoRuns ? ["run-1", "run-2"] : ["run-1"];
  const runners: Runner[] = [];
  for (let second = 0; second < maxSeconds; second += 1) {
    stage.tick();
    witness.clientsWrite();
    if (random.chance(script.lapses)) world.lock = null;
    const id = ids[runners.length];
    const startsAt = script.startAtMs + runners.length * script.secondRunAfterMs;
    if (id !== undefined && second * 1000 >= startsAt) runners.push(await started(id, stage, script, random));
    for (const runner of runners) await runner.step();
    witness.look();
    if (runners.length === ids.length && runners.every(({ over }) => over)) break;
  }
  for (let second = 0; second < 60; second += 1) {
    stage.tick();
    witness.clientsWrite();
    if (second % 20 === 19) await watched(stage);
  }
  return witness;
}

/** The sweeper's part of it; what goes wrong in a round is tried with the next. */
async function watched({ ports, world }: Stage): Promise<void> {
  const log = createCollectingLog();
  const engaged = world.switchedAt !== null;
  const killSwitch = { read: async () => ({ engaged, says: engaged ? "engaged: test" : "off" }) };
  const clock = { now: world.now, sleep: async () => undefined };
  for (const id of world.runs.keys()) {
    const run = await ports.runs.get(id);
    if (run?.phase !== "ended") continue;
    await watchOldPrimary(run, { ports, clock, log, killSwitch }).catch((error: unknown) => {
      if (!(error instanceof ResponderError)) throw error;
    });
  }
}
