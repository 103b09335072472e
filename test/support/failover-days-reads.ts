import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import type { FailoverTopology } from "../../functions/core/contract/failover-topology.ts";
import type { Seeded } from "./seeded.ts";

/** What RDS answers may be so old. */
const staleMs = 60_000;

/** Now and then RDS tells of a minute ago, or leaves a replica out. */
export function createReads({
  world,
  random,
  reads,
}: {
  readonly world: FailoverWorld;
  readonly random: Seeded;
  readonly reads: () => number;
}) {
  const before = new Map<string, { readonly at: number; readonly said: FailoverTopology }>();
  return (database: string, scope: string, describe: () => FailoverTopology): FailoverTopology => {
    const key = `${scope} ${database}`;
    const now = world.now();
    const last = before.get(key);
    const odd = random.chance(reads());
    if (odd && last !== undefined && now - last.at <= staleMs && random.chance(0.5)) return last.said;
    const said = describe();
    if (last === undefined || now - last.at > staleMs / 2) before.set(key, { at: now, said });
    if (!odd) return said;
    const replicas = said.nodes.filter(({ id, replicaOf }) => replicaOf !== null && id !== database);
    const missed = replicas[random.int(replicas.length)]?.id;
    return { ...said, nodes: said.nodes.filter(({ id }) => id !== missed) };
  };
}
