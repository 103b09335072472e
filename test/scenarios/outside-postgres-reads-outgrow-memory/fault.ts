import { calmRds } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { daysApart } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "claims-archive";

/** Of the volume's 3,000 a second the reads have nearly all. */
const reads = 2861;
const writes = 139;

export const scenario = defineOutside({
  engine: "postgres",
  title: "What is asked for no longer fits into 16 GiB, and the volume gives its 3,000 IOPS and no more",
  world: (dice) => {
    const connections = dice.number(128, 140);
    const minutes = 195;
    const full = (before: number, now: number) => even(steps(before, now, minutes));
    const calm = withDays(
      calmRds({ engine: "postgres", vcpus: 2, memoryGib: 16, freeGib: 74, connections, cpu: 27, iops: 1500 }),
    );
    const of = (sql: string, read: number, cpu = 0.1) => ({
      sql,
      waits: { "IO:DataFileRead": read, CPU: cpu },
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.17",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: false,
          AllocatedStorage: 380,
        }),
      ],
      metrics: {
        ...calm,
        ReadIOPS: daysApart(full(2410, reads), 2290, 1480),
        WriteIOPS: daysApart(full(150, writes), 148, 141),
        ReadThroughput: daysApart(full(2410 * 9100, reads * 9100), 2290 * 9100, 1480 * 9100),
        WriteThroughput: daysApart(full(150 * 16_000, writes * 16_000), 148 * 16_000, 141 * 16_000),
        ReadLatency: daysApart(steps(0.0014, 0.0109, minutes), 0.0013, 0.0008),
        WriteLatency: daysApart(steps(0.0019, 0.0098, minutes), 0.0018, 0.0015),
        DiskQueueDepth: daysApart(steps(3.6, 32.6, minutes), 3.2, 1.4),
        DBLoad: daysApart(steps(5.1, 33, minutes), 4.6, 2.4),
        DBLoadCPU: daysApart(steps(0.8, 0.9, minutes), 0.7, 0.6),
        DBLoadNonCPU: daysApart(steps(4.3, 32.1, minutes), 3.9, 1.8),
      },
      events: [told(id, 251, "creation", "Manual snapshot created"), ...nightlyBackup(id)],
      load: loadOf(
        { "IO:DataFileRead": 29.9, "LWLock:BufferIO": 1.4, CPU: 0.9, "IO:WALSync": 0.8 },
        [
          of("SELECT * FROM documents WHERE claim_id = ?", 5.2, 0.2),
          of("SELECT * FROM claims WHERE policy_no = ? ORDER BY opened_at DESC", 4.3),
          of("SELECT * FROM claim_notes WHERE claim_id = ?", 4.1),
          of("SELECT * FROM payments WHERE claim_id = ANY ( ? )", 3.4),
          of(
            "SELECT * FROM assessors a JOIN visits v ON v . assessor_id = a . id WHERE v . claim_id = ?",
            2.9,
          ),
          of("SELECT body FROM letters WHERE id = ?", 2.2),
        ],
        { claims: 24.6, portal: 8.4 },
      ),
      alarm: above("ReadLatency", 0.01, [0.0104, 0.0112, 0.0108], 174),
      way: "probe-failed",
    };
  },
});
