import { readFileSync } from "node:fs";
import { aTopology } from "../../support/context-builder.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { context, member, reading, steady } from "../support/rds.ts";

/** Time on a CPU and time waiting for one, in nanoseconds, of one process. */
function demand(pid: number): number {
  const [running = 0, waiting = 0] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ").map(Number);
  return running + waiting;
}

/** What one statement asked of its CPU, in percent: what CPUUtilization of a machine with one vCPU would be. */
let cpuPercent = 0;

export const scenario = defineScenario({
  engine: "postgres",
  title: "One statement that never ends takes all of a small machine's CPU",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 1.5 },
  make: async (stage) => {
    const [busy, watcher] = [await onePg(stage, stage.application()), await onePg(stage, "watcher")];
    const pid = Number((await busy.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    await busy.query("SET max_parallel_workers_per_gather = 0");
    const rows = stage.number(20_000_000, 90_000_000);
    stage.leave(
      busy.query(
        `SELECT sum(sqrt(a::float8 * b)) FROM generate_series(1, 100000) a, generate_series(1, ${rows}) b`,
      ),
    );
    await watcher.query("SELECT pg_sleep(1)");
    const [before, at] = [demand(pid), process.hrtime.bigint()];
    await watcher.query("SELECT pg_sleep(1.5)");
    cpuPercent = Math.min(100, (100 * (demand(pid) - before)) / Number(process.hrtime.bigint() - at));
    return { culprits: [pid] };
  },
  // Measured on the backend for two seconds; CloudWatch would have shown it for minutes.
  metrics: () => [steady("CPUUtilization", Math.min(98, cpuPercent))],
  context: () => {
    const cpu = steady("CPUUtilization", Math.min(98, cpuPercent));
    const small = member({ instanceClass: "db.m3.medium", vcpus: 1 });
    return context({
      topology: aTopology({ members: [small] }),
      readings: [reading(cpu, "percent", { day: 14, week: 11 })],
    });
  },
});
