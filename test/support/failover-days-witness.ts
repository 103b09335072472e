import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import { type FailoverRun, failoverRunSchema } from "../../functions/core/contract/failover.ts";
import { lossText } from "../../functions/core/failover/loss.ts";
import type { Hands } from "./failover-days-people.ts";
import type { Deed } from "./failover-days-ports.ts";

const ttlMs = 5000;
/** What was judged and agreed to counts so long. */
const agreementMs = 960_000;

interface Write {
  readonly row: number;
  readonly by: string;
  readonly at: number;
}

/** Watches by its own ledger of what clients were told; never asks the responder but what it told people. */
export interface DaysWitness {
  clientsWrite(stepMs: number): void;
  did(deed: Deed): void;
  readonly faults: readonly string[];
  /** Once all is quiet. */
  atTheEnd(said: readonly string[]): readonly string[];
  runs(): readonly FailoverRun[];
}

export function createDaysWitness(hands: Hands): DaysWitness {
  const { world, by: people } = hands;
  const clients = ["a", "b"].map((id) => ({ id, target: world.name, resolvedAt: 0, failing: 0 }));
  const acknowledged: Write[] = [];
  const faults = new Set<string>();
  const start = world.now();
  const at = () => Math.round((world.now() - start) / 1000);
  /** Since when a server has taken a write in each step. */
  const serving = new Map<string, { since: number; last: number }>();
  let rows = 0;
  const runs = () => [...world.runs.values()].map((body) => failoverRunSchema.parse(JSON.parse(body)));
  const runOf = (id: string) => runs().find((run) => run.id === id);
  const fault = (says: string) => faults.add(`${says} at ${at()} s`);

  const writeOnce = (client: (typeof clients)[number], stepMs: number) => {
    const now = world.now();
    const holds = world.set.servers.get(client.target)?.sessions.has(client.id) === true;
    if (!holds && now - client.resolvedAt >= ttlMs)
      Object.assign(client, { target: world.name, resolvedAt: now });
    rows += 1;
    if (world.set.write(client.target, client.id, rows, now)) {
      client.failing = 0;
      took(client.target, stepMs);
      return;
    }
    client.failing += stepMs;
    if (client.failing >= 3000) world.set.servers.get(client.target)?.sessions.delete(client.id);
  };
  const took = (by: string, stepMs: number) => {
    const now = world.now();
    const known = serving.get(by);
    const goesOn = known !== undefined && now - known.last <= 2000 + 2 * stepMs;
    serving.set(by, { since: goesOn ? known.since : now, last: now });
    acknowledged.push({ row: rows, by, at: now });
  };
  const servedFor = (id: string) => {
    const known = serving.get(id);
    return known === undefined || world.now() - known.last > 2000 ? 0 : world.now() - known.since;
  };

  const touched = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    const harms = ["fence", "wall", "restart", "promote"].includes(what);
    const forced = run?.input.force !== false || run.input.kind === "planned";
    if (!harms || forced) return;
    const whom = what === "promote" ? world.name : node;
    if (whom === node && what === "promote") return;
    if (world.name === whom && servedFor(whom) >= agreementMs)
      fault(`${whom}, which served for 16 min, saw ${what} ${node} by ${by}`);
  };
  const opened = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    if (what !== "unwall" && what !== "open") return;
    const server = world.set.servers.get(node);
    if (server === undefined || server.replicaOf !== null || run?.candidate === node) return;
    const others = [...world.set.servers.values()].filter(
      ({ id, replicaOf, status, fenced, groups }) =>
        id !== node &&
        !people.promoted.has(id) &&
        ((replicaOf === null && !fenced && !groups.includes(quarantine)) ||
          (status === "modifying" && isCalled(id))),
    );
    for (const { id } of others) fault(`${node} was opened beside ${id} (${what} by ${by})`);
  };
  const isCalled = (id: string) => runs().some(({ candidate, sent }) => candidate === id && sent["execute"]);
  const named = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    if (what !== "point" || world.name === node || run?.fencedBy === "nobody") return;
    const takes = servedFor(world.name) > 0 && world.set.servers.get(world.name)?.fenced === false;
    if (takes && servedFor(world.name) > 30_000)
      fault(
        `the name was moved from ${world.name}, which served ${servedFor(world.name) / 1000} s, by ${by}`,
      );
  };
  const behindEnd = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    const watch = what === "fence" && run?.duties.some((duty) => duty.node === node);
    if (run?.phase === "ended" && !watch) fault(`${by} sent ${what} ${node} behind its end`);
  };
  return {
    ...{ runs, faults: [] },
    clientsWrite: (stepMs) => {
      for (const client of clients) writeOnce(client, stepMs);
    },
    did: (deed) => {
      const run = runOf(deed.by);
      touched(deed, run);
      opened(deed, run);
      named(deed, run);
      behindEnd(deed, run);
    },
    atTheEnd: (said) => [
      ...faults,
      ...runs().flatMap((run) => ended(world, run, said)),
      ...lost(hands, acknowledged, runs()),
      ...left(hands, runs(), said),
    ],
  };
}

function ended({ told: heardOf }: FailoverWorld, run: FailoverRun, said: readonly string[]): string[] {
  if (run.phase !== "ended" || run.ending === null) return [`${run.id} never ended: ${run.phase}`];
  const { says, nextCommand } = run.ending;
  const heard = heardOf.some(({ run: id }) => id === run.id) || said.includes(says);
  const undelivered = run.notes.some((note) => note.startsWith("The summary could not be delivered"));
  return [
    ...(heard || undelivered ? [] : [`${run.id} ended untold`]),
    ...(nextCommand === "" ? [`${run.id} gave no next command`] : []),
  ];
}

/** Behind a name that the responder moved: rows that were acknowledged before, and are not there. */
function lost({ world, by }: Hands, acknowledged: readonly Write[], runs: readonly FailoverRun[]): string[] {
  const server = world.set.servers.get(world.name);
  const moves = movesTo(world.name, runs);
  if (server === undefined || moves.length === 0 || by.deleted || by.promoted.size > 0) return [];
  if (by.namedAt !== null || by.opened.size > 0) return [];
  const has = new Set(server.log.map((change) => ("row" in change ? change.row : -1)));
  const missing = acknowledged.filter(({ row }) => !has.has(row)).map((write) => told(write, moves));
  const untold = missing.filter((says) => says.every((one) => one.startsWith("nothing")));
  return untold.length > 0 ? [`${untold.length} rows lost, told ${untold[0]?.[0]}`] : [];
}

/** By which the name came there, the last first: one that was moved twice may have lost on either way. */
function movesTo(node: string, runs: readonly FailoverRun[]): readonly FailoverRun[] {
  const mover = runs.find(({ candidate, times }) => candidate === node && times.repointed !== null);
  if (mover === undefined) return [];
  const others = runs.filter((run) => run !== mover);
  return [mover, ...(mover.oldPrimary === null ? [] : movesTo(mover.oldPrimary, others))];
}

/** What each move told of the loss, of those behind the one that took it: what was lost before was another one's to tell. */
function told({ by }: Write, moves: readonly FailoverRun[]): readonly string[] {
  const from = moves.findIndex(({ oldPrimary }) => oldPrimary === by);
  return moves.slice(0, from < 0 ? 1 : from + 1).map(({ loss }) => lossText(loss));
}

/** A lock or a fence that nobody would give back, and of which nobody was told. */
function left({ world, by }: Hands, runs: readonly FailoverRun[], said: readonly string[]): string[] {
  const { lock, set } = world;
  const holder = runs.find(({ id }) => id === lock?.run);
  const goesOn = holder !== undefined && holder.phase !== "ended";
  const moved = runs.some(({ times }) => times.promoted !== null);
  const shut = [...set.servers.values()].filter(
    ({ id, fenced, groups, replicaOf }) =>
      replicaOf === null && (fenced || (groups.includes(quarantine) && !by.walled.has(id))),
  );
  const texts = [...said, ...runs.map(({ ending }) => ending?.says ?? "")].join(" ");
  const silent = shut.filter(({ id }) => {
    const name = id.replace("-renamed", "");
    return (
      !new RegExp(`${name}[^.]*(fenced|FENCED|WALLED)`).test(texts) &&
      !/stays? fenced|So may be what was a replica of it/.test(texts)
    );
  });
  return [
    ...(goesOn ? [`the lock is left with ${holder.id}`] : []),
    ...(moved ? [] : silent.map(({ id }) => `${id} is left shut, and nobody was told`)),
  ];
}
