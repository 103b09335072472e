import { expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { standAt } from "../support/stand-at.ts";
import { moves, turns, usual } from "./support/outside/curves.ts";
import { ago, told } from "./support/outside/described.ts";
import { logged } from "./support/outside/postgres-log.ts";
import { calmWith, clientOf, looked, shopId, spread } from "./support/outside/postgres-log-world.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";
import { sinceMade } from "./support/outside/saws.ts";
import type { World } from "./support/outside/world.ts";

standAt("2026-11-30T02:41:20Z");

const names = ["postgres", "admin", "test"];

/** Each five minutes 25 times, from an address. */
function knocks(host: string, detail: (name: string) => string): readonly string[] {
  return spread(70, [14, 0.5], (place, minutes) => {
    const user = names[place % names.length] ?? "";
    const client = { host: `${host}(4111)`, user, database: "postgres", pid: 900 + place };
    return [
      logged(minutes, client, `FATAL:  password authentication failed for user "${user}"`),
      logged(minutes, client, `DETAIL:  ${detail(user)}`),
    ];
  });
}

const noSuchRole = (name: string): string => `Role "${name}" does not exist.`;
const wrong = (name: string): string => `Password does not match for user "${name}".`;
const away = { DatabaseConnections: turns(usual(108), 12, 61) };

/** Sixty statements, from and to so many minutes ago, in a log that goes on. */
function missingColumn(from: number, to: number): readonly string[] {
  return [
    ...spread(60, [from, to], (place, minutes) => [
      logged(
        minutes,
        clientOf(700 + (place % 9)),
        'ERROR:  column "discount_code" does not exist at character 38',
      ),
    ]),
    logged(0.6, { pid: 412 }, "LOG:  checkpoint starting: time"),
  ];
}

function replica(lag: World["metrics"], made: number): World {
  const world = calmWith([], { replica: true, more: lag });
  return {
    ...world,
    instances: world.instances.map((one) => ({ ...one, InstanceCreateTime: ago(made) })),
  };
}

const failover = () => [
  told(shopId, 12, "failover", "Multi-AZ instance failover completed"),
  told(shopId, 13, "failover", "Multi-AZ instance failover started."),
];
const patch = () => told(shopId, 14, "maintenance", "Applying off-line patches to DB instance");

it.each<readonly [what: string, () => World, roots: readonly string[]]>([
  [
    "strangers who guess at names that are not there",
    () => calmWith(knocks("45.9.1.7", noSuchRole), {}),
    ["auth-failures P3"],
  ],
  ["the same from its own network", () => calmWith(knocks("10.9.1.7", noSuchRole), {}), ["auth-failures P2"]],
  ["of roles that are there", () => calmWith(knocks("45.9.1.7", wrong), {}), ["auth-failures P2"]],
  [
    "while its own clients are missing",
    () => calmWith(knocks("45.9.1.7", noSuchRole), { more: away }),
    ["auth-failures P2"],
  ],
  ["a release without its column, over", () => looked(calmWith(missingColumn(2.6, 1.9), {})), []],
  ["the same while it goes on", () => looked(calmWith(missingColumn(1.6, 0.7), {})), ["error-storm P2"]],
  [
    "a new replica that catches up",
    () => replica(sinceMade({ ReplicaLag: moves(900, 71, 30) }, 38), 40),
    ["replication-lag P3"],
  ],
  [
    "a new replica that falls behind",
    () => replica(sinceMade({ ReplicaLag: moves(71, 900, 30) }, 38), 40),
    ["replication-lag P2"],
  ],
  [
    "an old replica that catches up",
    () => replica({ ReplicaLag: (minutes) => (minutes > 60 ? 2 : moves(2400, 900, 30)(minutes)) }, 40_000),
    ["replication-lag P2"],
  ],
  [
    "a failover for a patch, its clients there",
    () => calmWith([], { events: [...failover(), patch()] }),
    ["failover-happened P3"],
  ],
  ["one that nobody announced", () => calmWith([], { events: failover() }), ["failover-happened P2"]],
  [
    "one whose clients stay away",
    () =>
      calmWith([], {
        events: [...failover(), patch()],
        more: { DatabaseConnections: turns(usual(108), 12, 70) },
      }),
    ["failover-happened P2"],
  ],
])("D6 %s", async (_, world, roots) => {
  const { findings, rootCauses } = diagnose(await evidenceOfWorld(world()), defaultSettings);
  const told = findings.filter(
    ({ key, category }) => rootCauses.includes(key) && category !== "configuration",
  );
  expect(told.map(({ id, severity }) => `${id} ${severity}`)).toEqual(roots);
});
