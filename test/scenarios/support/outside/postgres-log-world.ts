import { calmRds } from "./calm.ts";
import { type Curves, withDays } from "./curves.ts";
import { instanceOf, nightlyBackup } from "./described.ts";
import { firstAnswers } from "./first-answers.ts";
import { cutOff, halfLook } from "./postgres-half-look.ts";
import { group } from "./postgres-half-rows.ts";
import { errorLog, type LogClient, logged } from "./postgres-log.ts";
import type { World } from "./world.ts";

export const shopId = "shop-prod";
const api = { application: "api", user: "shop_api", client: "10.4.18.23", database: "shop" };

export interface Beside {
  readonly replica?: boolean;
  readonly more?: Curves;
  readonly events?: World["events"];
}

/** A database of which nothing but its log tells. */
export function calmWith(
  lines: readonly string[],
  { replica = false, more = {}, events = [] }: Beside,
): World {
  const source = replica ? { ReadReplicaSourceDBInstanceIdentifier: "shop-main" } : {};
  const calm = { engine: "postgres", vcpus: 4, memoryGib: 32, connections: 108, cpu: 34 } as const;
  return {
    instances: [
      instanceOf(shopId, {
        Engine: "postgres",
        EngineVersion: "16.6",
        DBInstanceClass: "db.r6g.xlarge",
        AllocatedStorage: 400,
        ...source,
      }),
    ],
    metrics: {
      ...withDays(calmRds({ ...calm, iops: 610, freeGib: 210 })),
      ...(replica ? { ReplicaLag: () => 0 } : {}),
      ...more,
    },
    events: [...nightlyBackup(shopId), ...(events ?? [])],
    load: [],
    logs: [errorLog([logged(14.95, { pid: 412 }, "LOG:  checkpoint starting: time"), ...lines], 0.4)],
    way: "probe-failed",
  };
}

/** Its first answers show nothing, and no counters were seen. */
export function looked(world: World): World {
  const answers = firstAnswers({
    version: "16.6",
    upDays: 93,
    maxConnections: 3420,
    database: "shop",
    groups: [group({ state: "idle", ...api }, 96, 3.1)],
    sessions: [],
  });
  return { ...world, inPart: halfLook({ answers, rest: cutOff }) };
}

/** Of one session of the shop's. */
export function clientOf(pid: number, user: string = api.user, database: string = "shop"): LogClient {
  return { host: `${api.client}(${41_000 + (pid % 20_000)})`, user, database, pid };
}

/** So many messages, from and to so many minutes ago. */
export function spread(
  count: number,
  [from, to]: readonly [number, number],
  lines: (place: number, ago: number) => readonly string[],
): readonly string[] {
  const step = (from - to) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, place) => lines(place, from - step * place)).flat();
}
