import { describe, expect, it } from "vitest";
import { standAt } from "../support/stand-at.ts";
import { turns, usual } from "./support/outside/curves.ts";
import { told } from "./support/outside/described.ts";
import { logged } from "./support/outside/postgres-log.ts";
import {
  active,
  applies,
  cancelled,
  duplicate,
  ofServer,
  once,
  ordinary,
  own,
  type Play,
  quarter,
  restarted,
  rootsOf,
  said,
  starting,
  unreachable,
  usedIds,
  withId,
  withoutId,
} from "./support/outside/postgres-log-plays.ts";
import { shopId } from "./support/outside/postgres-log-world.ts";

standAt("2026-11-28T02:41:20Z");

const ordinaryDays: readonly (readonly [what: string, Play])[] = [
  ["vacuums and checkpoints", () => [ordinary()]],
  [
    "addresses that are taken, in capitals",
    () => [said(60, quarter, duplicate("users_pkey", "email", "Users (Id, Email) VALUES ($1, $2)"))],
  ],
  [
    "a generated column",
    () => [said(27, quarter, duplicate("users_email_lower_key", "email_lower", "users (email) VALUES ($1)"))],
  ],
  [
    "a lock that is a row",
    () => [said(90, quarter, duplicate("leader_lock_pkey", "id", "leader_lock (owner) VALUES ($1)"))],
  ],
  [
    "a repeated order with its number, and one of another database without",
    () => [[...said(60, quarter, withId), ...said(1, [0.4, 0.4], withoutId, { database: "staging" })]],
  ],
  [
    "a restart for maintenance",
    () => [
      [
        ...said(6, [4.8, 4.5], [starting], { user: "rdsadmin", database: "rdsadmin" }),
        ...said(6, [4.8, 4.5], [starting]),
        logged(4.4, own, "LOG:  database system is ready to accept connections"),
      ],
      { events: [told(shopId, 5.5, "maintenance", "Offline patch started"), ...restarted()] },
    ],
  ],
  [
    "a start that is over",
    () => [
      [
        ...said(6, [1.4, 1.1], [starting]),
        logged(1, own, "LOG:  database system is ready to accept connections"),
      ],
    ],
  ],
  [
    "RDS's own sessions alone",
    () => [said(30, [5, 0.4], [starting], { user: "rdsadmin", database: "rdsadmin" })],
  ],
  [
    "a replica whose source was restarted",
    () => [
      [
        ...ofServer(8, [2.1, 1.5], unreachable),
        logged(1.4, { pid: 640 }, "LOG:  started streaming WAL from primary at 4F/1C000000 on timeline 1"),
      ],
      { replica: true, more: { ReplicaLag: turns(usual(0), 2, 90) } },
    ],
  ],
  ["a replica that has what its source has", () => [ofServer(8, [2, 0.5], unreachable), { replica: true }]],
  [
    "an old transaction that has ended",
    () => [[logged(9, own, "WARNING:  oldest xmin is far in the past")], usedIds(1.1e8)],
  ],
  [
    "names of who knocks",
    () => [
      [
        ...once(2, 'FATAL:  database "a must be vacuumed" does not exist'),
        ...once(1, 'FATAL:  password authentication failed for user "it is far in the past"'),
      ],
    ],
  ],
  [
    "a readiness check without a database",
    () => [said(90, quarter, ['FATAL:  database "root" does not exist'], { sessions: 90, user: "root" })],
  ],
  [
    "scanners",
    () => [
      said(90, quarter, ["LOG:  could not accept SSL connection: unsupported protocol"], { sessions: 90 }),
    ],
  ],
  ["a dashboard that is closed", () => [said(12, [1.2, 0.5], cancelled)]],
  ["a consumer that comes back", () => [said(3, [3, 1], active, { user: "cdc" })]],
  [
    "a publisher that ends streams",
    () => [ofServer(3, [10, 1], "LOG:  data stream from publisher has ended")],
  ],
  ["a subscription that came upon a row and went on", () => [applies([1.2, 0.4])]],
  [
    "quantities that are too large",
    () => [
      said(3, [12, 1], ["ERROR:  integer out of range", "STATEMENT:  INSERT INTO carts (id) VALUES ($1)"]),
    ],
  ],
];

describe("an ordinary day in PostgreSQL's log", () => {
  it.each(ordinaryDays)("D10 is none: %s", async (_, play) => {
    expect(await rootsOf(play)).toEqual([]);
  });
});
