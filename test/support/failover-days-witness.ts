import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import { type FailoverRun, failoverRunSchema } from "../../functions/core/contract/failover.ts";
import { ended, left, lost } from "./failover-days-ends.ts";
import { createHarm } from "./failover-days-harm.ts";
import type { Hands } from "./failover-days-people.ts";
import type { Deed } from "./failover-days-ports.ts";
import { createWriters, type Write } from "./failover-days-writers.ts";
import { original } from "./failover-script.ts";

const ttlMs = 5000;
/** Watches by its own ledger of what clients were told; never asks the responder but what it told people. */
export interface DaysWitness {
  clientsWrite(stepMs: number): void;
  did(deed: Deed): void;
  refused(deed: Deed): void;
  readonly faults: readonly string[];
  /** Once all is quiet. */
  atTheEnd(): readonly string[];
  runs(): readonly FailoverRun[];
}

export interface Heard {
  /** All that a channel was told beside the ends. */
  readonly said: readonly string[];
  sweepsSince(time: number): number;
}

export function createDaysWitness(hands: Hands, heard: Heard): DaysWitness {
  const { world, by: people } = hands;
  // The third one has the address of the first primary, and follows no name.
  const clients = ["a", "b", "c"].map((id) => ({
    ...{ id, target: world.name, resolvedAt: 0, failing: 0, by: id === "c" ? original : "orders.internal" },
  }));
  const acknowledged: Write[] = [];
  const faults = new Set<string>();
  const start = world.now();
  const at = () => Math.round((world.now() - start) / 1000);
  /** Since when a server has taken a write in each step. */
  const serving = new Map<string, { since: number; last: number }>();
  let rows = 0;
  const runs = () => [...world.runs.values()].map((body) => failoverRunSchema.parse(JSON.parse(body)));
  const runOf = (id: string) => runs().find((run) => run.id === id);
  const fault = (says: string) => {
    if (![...faults].some((one) => one.startsWith(says))) faults.add(`${says} at ${at()} s`);
  };
  const { said, sweepsSince } = heard;
  const writers = createWriters({ hands, acknowledged, runs, fault, sweepsSince, said: () => said });

  const writeOnce = (client: (typeof clients)[number], stepMs: number) => {
    const now = world.now();
    const holds = world.set.servers.get(client.target)?.sessions.has(client.id) === true;
    if (!holds && client.by !== original && now - client.resolvedAt >= ttlMs)
      Object.assign(client, { target: world.name, resolvedAt: now });
    rows += 1;
    if (world.set.write(client.target, client.id, rows, now)) {
      client.failing = 0;
      took(client.target, stepMs, `${client.id} by ${client.by}`);
      return;
    }
    client.failing += stepMs;
    if (client.failing >= 3000) world.set.servers.get(client.target)?.sessions.delete(client.id);
  };
  const took = (by: string, stepMs: number, via: string) => {
    const now = world.now();
    const known = serving.get(by);
    const goesOn = known !== undefined && now - known.last <= 2000 + 2 * stepMs;
    serving.set(by, { since: goesOn ? known.since : now, last: now });
    acknowledged.push({ row: rows, by, resource: hands.resources.get(by) ?? by, at: now, via });
  };
  const servedFor = (id: string) => {
    const known = serving.get(id);
    return known === undefined || world.now() - known.last > 2000 ? 0 : world.now() - known.since;
  };

  const touched = createHarm({ hands, servedFor, fault });
  const opened = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    if (what !== "unwall" && what !== "open") return;
    const server = world.set.servers.get(node);
    if (server === undefined || server.replicaOf !== null || run?.candidate === node) return;
    const others = [...world.set.servers.values()].filter(
      ({ id, replicaOf, status, fenced, groups }) =>
        id !== node &&
        // By RDS's word it does not run: whoever left it watches for its start.
        !["failed", "stopped"].includes(status) &&
        !people.promoted.has(id) &&
        ((replicaOf === null && !fenced && !groups.includes(quarantine)) ||
          (status === "modifying" && isCalled(id))),
    );
    for (const { id } of others) fault(`${node} was opened beside ${id} (${what} by ${by})`);
  };
  const isCalled = (id: string) => runs().some(({ candidate, sent }) => candidate === id && sent["execute"]);
  const named = ({ what, node, by }: Deed, run: FailoverRun | undefined) => {
    if (what !== "point" || world.name === node || run?.fencedBy === "nobody") return;
    if (run?.overridden.includes("name-leads-away")) return;
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
      const before = acknowledged.length;
      for (const client of clients) writeOnce(client, stepMs);
      writers.tick(acknowledged.slice(before));
    },
    did: (deed) => {
      const run = runOf(deed.by);
      touched(deed, run);
      opened(deed, run);
      named(deed, run);
      behindEnd(deed, run);
      writers.did(deed, run);
    },
    refused: writers.refused,
    atTheEnd: () => [
      ...faults,
      ...writers.atTheEnd(),
      ...runs().flatMap((run) => ended(world, run, said)),
      ...lost(hands, acknowledged, runs()),
      ...left(hands, runs(), said),
    ],
  };
}
