import type { Scenario } from "../scenario.ts";
import { calmRds } from "../support/outside/calm.ts";
import { type Curve, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import type { Dice } from "../support/outside/world.ts";

const gib = 1024 ** 3;

interface ClassChanged {
  readonly id: string;
  readonly title: string;
  /** Taken at night, from db.r6g.2xlarge. */
  readonly to: string;
  readonly by: string;
  /** As CloudTrail tells what was before; absent: it does not. */
  readonly tells?: true;
  readonly freeMemoryGib: number;
  readonly readIops: number;
}

const classBefore = "db.r6g.2xlarge";

/** The day's work queues for CPU. */
export function classChangedAndShort(
  change: ClassChanged & {
    readonly load: readonly [number, number];
    /** Percent, in the hours before the day's work. */
    readonly cpuAtNight: readonly [number, number];
    readonly connections: number;
    readonly sentBytes: number;
  },
): Scenario {
  return changed(change, 34, (dice, since) => {
    const day = dice.number(95, 120);
    const load = dice.number(...change.load);
    const [from, rise] = change.cpuAtNight;
    return {
      load,
      alarm: above("CPUUtilization", 90, [98.8, 99.1, 99], day - 4),
      metrics: {
        CPUUtilization: (minutes) =>
          minutes > since ? 34 : minutes < day ? 99 : from + (rise * (since - minutes)) / (since - day),
        DBLoad: steps(2.2, load, day),
        DBLoadCPU: steps(1.7, load * 0.86, day),
        DBLoadNonCPU: steps(0.5, load * 0.14, day),
        DatabaseConnections: moves(196, change.connections, 60),
        NetworkTransmitThroughput: steps(5.9e6, change.sentBytes, day),
      },
    };
  });
}

/** Busier than before, and nobody queues. */
export function classChangedAndWell(change: ClassChanged): Scenario {
  return changed(change, 14, (_, since) => {
    const load = 1.3;
    return {
      load,
      alarm: above("CPUUtilization", 50, [55.1, 56.4, 55.8], since - 30),
      metrics: {
        CPUUtilization: steps(14, 56, since),
        DBLoad: steps(1.1, load, since),
        DBLoadCPU: steps(0.9, load * 0.86, since),
        DBLoadNonCPU: steps(0.2, load * 0.14, since),
      },
    };
  });
}

interface Since {
  readonly load: number;
  readonly alarm: ReturnType<typeof above>;
  readonly metrics: Readonly<Record<string, Curve>>;
}

function changed(
  { id, title, to, by, tells, freeMemoryGib, readIops }: ClassChanged,
  cpu: number,
  sinceThen: (dice: Dice, since: number) => Since,
): Scenario {
  const size = { vcpus: 8, memoryGib: 64, freeGib: 110, connections: 190, iops: 900 };
  return defineOutside({
    engine: "mysql",
    title,
    world: (dice) => {
      const since = dice.number(400, 460);
      const { load, alarm, metrics } = sinceThen(dice, since);
      return {
        instances: [instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.42", DBInstanceClass: to })],
        metrics: {
          ...calmRds({ engine: "mysql", ...size, cpu }),
          ...metrics,
          FreeableMemory: steps(14 * gib, freeMemoryGib * gib, since),
          ReadIOPS: steps(360, readIops, since),
        },
        events: [
          told(id, since + 9, "configuration change", "Applying modification to database instance class"),
          told(id, since + 3, "availability", "DB instance shutdown"),
          told(id, since + 1, "availability", "DB instance restarted"),
          told(id, since, "configuration change", "Finished applying modification to DB instance class"),
          ...nightlyBackup(id),
        ],
        changes: [
          {
            at: ago(since + 11).toISOString(),
            source: "cloudtrail",
            subject: id,
            what: "ModifyDBInstance",
            by,
            detail: `dBInstanceIdentifier=${id}, dBInstanceClass=${to}, applyImmediately=true`,
            error: null,
            ...(tells ? { before: { dBInstanceClass: classBefore } } : {}),
          },
        ],
        load: loadOf(
          { CPU: load * 0.86, "wait/io/file/innodb/innodb_data_file": load * 0.09 },
          [
            { sql: "SELECT * FROM `events` WHERE `id` = ?", waits: { CPU: load * 0.14 } },
            {
              sql: "SELECT * FROM `seats` WHERE `event_id` = ? AND `state` = ?",
              waits: { CPU: load * 0.13 },
            },
            { sql: "UPDATE `carts` SET `touched_at` = ? WHERE `id` = ?", waits: { CPU: load * 0.11 } },
            { sql: "SELECT `id` FROM `orders` WHERE `customer_id` = ?", waits: { CPU: load * 0.1 } },
            { sql: "INSERT INTO `order_lines` VALUES (...)", waits: { CPU: load * 0.08 } },
          ],
          { shop: load * 0.7, box_office: load * 0.28 },
        ),
        alarm,
        way: "probe-failed",
      };
    },
  });
}
