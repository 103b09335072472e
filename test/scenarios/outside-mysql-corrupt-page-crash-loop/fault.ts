import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "fulfilment-db";

const instances = [
  instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.42", DBInstanceClass: "db.m6g.large" }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 8,
  freeGib: 64,
  connections: 85,
  cpu: 26,
  iops: 310,
});

/** What InnoDB writes before it stops the server. */
function crash(minutes: number, page: number): string {
  const stamp = (of: number) => ago(of).toISOString().replace("Z", "000Z");
  const [at, up] = [stamp(minutes), stamp(minutes - 1)];
  return [
    `${at} 41 [ERROR] [MY-030043] [InnoDB] InnoDB: Corrupt page resides in file: ./shop/parcels.ibd, offset: ${page * 16_384}, len: 16384`,
    `${at} 41 [ERROR] [MY-011906] [InnoDB] Database page corruption on disk or a failed file read of page [page id: space=87, page number=${page}]. You may have to recover from a backup.`,
    `${at} 41 [ERROR] [MY-013183] [InnoDB] Assertion failure: ut0ut.cc:553 thread 139840586462976`,
    "InnoDB: We intentionally generate a memory trap.",
    `${at} UTC - mysqld got signal 6 ;`,
    `${up} 0 [Note] [MY-012551] [InnoDB] Database was not shutdown normally!`,
    `${up} 0 [Note] [MY-012552] [InnoDB] Starting crash recovery.`,
  ].join("\n");
}

export const scenario = defineOutside({
  engine: "mysql",
  title: "A damaged page stops the server whenever it is read; RDS starts it again, and so on",
  world: (dice) => {
    const page = dice.number(2100, 9800);
    const crashes = [2, 9, 15, 23].map((minutes) => minutes + dice.number(0, 1));
    const restarted = crashes.map((minutes) =>
      told(id, minutes - 1, "availability", "DB instance restarted"),
    );
    const down = (minutes: number) => crashes.some((at) => minutes <= at && minutes > at - 2);
    return {
      instances,
      metrics: {
        ...calm,
        DatabaseConnections: (minutes) => (down(minutes) ? 0 : usual(85)(minutes)),
        CPUUtilization: (minutes) => (down(minutes) ? 9 : usual(26)(minutes)),
        DBLoad: (minutes) => (down(minutes) ? null : usual(0.5)(minutes)),
        FreeableMemory: (minutes) => (minutes < 24 ? 3.4e9 : usual(1.9e9)(minutes)),
      },
      events: [...restarted, ...nightlyBackup(id)],
      load: [],
      logs: [
        {
          file: "error/mysql-error-running.log",
          kind: "error",
          lastWrittenAt: ago(1).toISOString(),
          truncated: false,
          text: [...crashes]
            .reverse()
            .map((minutes) => crash(minutes, page))
            .join("\n"),
        },
      ],
      notice: notice("RDS-EVENT-0006", told(id, 1, "availability", "DB instance restarted")),
      way: "refused",
    };
  },
});
