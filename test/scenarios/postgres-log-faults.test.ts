import { describe, expect, it } from "vitest";
import { standAt } from "../support/stand-at.ts";
import { turns, usual } from "./support/outside/curves.ts";
import { logged } from "./support/outside/postgres-log.ts";
import {
  active,
  applies,
  cancelled,
  full,
  missing,
  ofServer,
  once,
  ordinary,
  own,
  type Play,
  quarter,
  readOnly,
  refused,
  rootsOf,
  said,
  starting,
  unreachable,
  usedIds,
  withId,
  withoutId,
} from "./support/outside/postgres-log-plays.ts";
import type { Beside } from "./support/outside/postgres-log-world.ts";

standAt("2026-11-28T02:41:20Z");

const writesStop: Beside = { more: { WriteIOPS: turns(usual(260), 12, 1) } };

const setLower = (minutes: number) => [
  logged(minutes, own, "WARNING:  hot standby is not possible because of insufficient parameter settings"),
  logged(
    minutes,
    own,
    "DETAIL:  max_connections = 800 is a lower setting than on the primary server, where its value was 1200.",
  ),
];

const faults: readonly (readonly [what: string, roots: readonly string[], Play])[] = [
  [
    "writes that are refused, beside much that is only logged",
    ["P0 wraparound-risk Writes are refused, transaction numbers used up"],
    () => [[...ordinary(), ...once(2, refused)]],
  ],
  [
    "no room, beside much that is only logged",
    ["P1 storage-low The volume has no room"],
    () => [[...ordinary(), ...once(2, full)]],
  ],
  ["a full volume of 13 minutes ago", ["P2 storage-low The volume had no room"], () => [once(13, full)]],
  [
    "a table that is missing, beside a consumer that comes back",
    ["P2 error-storm Statements in shop fail for a name that is not there, some 44 a minute by its log"],
    () => [[...said(600, quarter, missing), ...said(3, [3, 1], active, { user: "cdc" })]],
  ],
  [
    "a sequence behind its table",
    ["P2 key-exhausted A sequence is behind its table"],
    () => [said(60, quarter, withoutId)],
  ],
  [
    "a sequence behind its table, and a given number of another database",
    ["P2 key-exhausted A sequence is behind its table"],
    () => [[...said(300, quarter, withoutId), ...said(1, [0.4, 0.4], withId, { database: "staging" })]],
  ],
  [
    "a server that does not come up",
    ["P1 restart-or-crash Clients are refused while it starts, recovers or stops"],
    () => [said(60, [5, 0.4], [starting])],
  ],
  [
    "a replica without its source",
    ["P1 replication-stopped It receives nothing from its source"],
    () => [
      ofServer(60, [5, 0.4], unreachable),
      { replica: true, more: { ReplicaLag: turns(usual(0), 5, 280) } },
    ],
  ],
  [
    "a replica whose setting is lower than its source's, said 40 minutes ago and never since",
    ["P1 replication-stopped Replay has paused"],
    () => [[...setLower(40), logged(3, own, "LOG:  checkpoint starting: time")], { replica: true }],
  ],
  [
    "no replica that has been set alike and started since",
    [],
    () => [
      [
        ...setLower(40),
        logged(30, own, "LOG:  database system is ready to accept read-only connections"),
        logged(3, own, "LOG:  checkpoint starting: time"),
      ],
      { replica: true },
    ],
  ],
  [
    "a full queue of NOTIFY",
    ["P1 instance-limit-reached The queue of NOTIFY is all but full"],
    () => [
      [
        ...once(2, "WARNING:  NOTIFY queue is 100% full"),
        ...said(60, [5, 0.4], ["ERROR:  too many notifications in the NOTIFY queue", "STATEMENT:  COMMIT"]),
      ],
    ],
  ],
  ["a queue of NOTIFY that has room", [], () => [once(2, "WARNING:  NOTIFY queue is 54% full")]],
  [
    "one that was full ten minutes ago",
    [],
    () => [
      [...once(10, "WARNING:  NOTIFY queue is 98% full"), ...once(9, "LOG:  checkpoint starting: time")],
    ],
  ],
  [
    "what an application says of notifications",
    [],
    () => [said(6, [5, 0.4], ["ERROR:  too many notifications for user 17"])],
  ],
  [
    "a replica whose recovery ends again and again, within the second in which it begins",
    ["P1 replication-stopped Replay has paused"],
    () => [
      [4, 3, 2, 1].flatMap((minutes) => [
        logged(minutes, own, "LOG:  redo starts at 4F/1C000028"),
        logged(minutes, own, "FATAL:  recovery aborted because of insufficient parameter settings"),
      ]),
      { replica: true },
    ],
  ],
  [
    "an application's word of a recovery",
    [],
    () => [said(1, [14, 14], ["WARNING:  recovery aborted for member 12"]), { replica: true }],
  ],
  [
    "used up multixact members, beside ids of which half are used",
    [
      "P0 wraparound-risk Shared row locks are refused, the members of multixacts used up",
      "P2 wraparound-risk 56 % of all transaction ids are used; 944491981 are left until the server refuses to write; which tables are old, and what keeps them from being frozen, could not be seen",
    ],
    () => [once(1, 'ERROR:  multixact "members" limit exceeded'), usedIds(1.2e9)],
  ],
  [
    "what keeps rows from being frozen",
    ["P2 wraparound-risk What is old is kept from being frozen"],
    () => [[logged(9, own, "WARNING:  oldest xmin is far in the past")], usedIds(3e8)],
  ],
  [
    "a database that has to be vacuumed",
    ["P1 wraparound-risk Transaction numbers run out"],
    () => [once(1, "WARNING:  database with OID 16401 must be vacuumed within 10985967 transactions")],
  ],
  [
    "a database that nobody has, asked for by many",
    ["P2 auth-failures Clients do not get in"],
    () => [said(600, quarter, ['FATAL:  database "shop_v2" does not exist'])],
  ],
  [
    "statements that are cut off for minutes",
    ["P2 error-storm Statements are cut off"],
    () => [said(200, [10, 0.4], cancelled)],
  ],
  [
    "a consumer that does not get in",
    ["P2 logical-decoding-behind A consumer of changes does not get them"],
    () => [said(40, [10, 0.4], active, { user: "cdc" })],
  ],
  [
    "a subscription that stands",
    ["P2 replication-stopped A subscription does not get on"],
    () => [applies([5, 0.4])],
  ],
  [
    "writes of one role that are refused",
    ["P2 database-read-only Writes of shop_api are refused"],
    () => [said(500, quarter, readOnly)],
  ],
  [
    "writes that are refused, and stop",
    ["P1 database-read-only Writes are refused"],
    () => [said(500, quarter, readOnly), writesStop],
  ],
  [
    "a key that is too small",
    ["P2 key-exhausted A column is too small"],
    () => [said(60, quarter, ["ERROR:  integer out of range", ...withoutId.slice(2)])],
  ],
];

describe("a fault in PostgreSQL's log", () => {
  it.each(faults)("D7 is told: %s", async (_, roots, play) => {
    expect(await rootsOf(play)).toEqual(roots);
  });
});
