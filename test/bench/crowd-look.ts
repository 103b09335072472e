import * as z from "zod";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { targetSchema } from "../../functions/core/contract/target.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { databasesWithPassword } from "../../functions/wiring-databases.ts";

/**
 * A process of its own, bundled as a function is: looks with the immediate tier, diagnoses, and says what that took.
 * Its one argument is the target, its user and its password.
 */
const { target, user, password } = z
  .object({ target: targetSchema, user: z.string(), password: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ""));

async function look(): Promise<void> {
  // Of a loaded machine only the figures are wanted, not the verdict on it.
  const settings = settingsSchema.parse({ probing: { immediateTimeoutMs: 60_000, deadlineMs: 120_000 } });
  const databases = databasesWithPassword({ user, password }, { mode: "off" });
  const clock = createSystemClock();
  const report = await collectProbeReport(databases, target, settings, probes, "immediate", clock);
  const before = process.cpuUsage();
  const { rootCauses } = diagnose(
    {
      schema: "evidence.v1",
      target,
      signal: null,
      collectedAt: report.collectedAt,
      connection: report.connection,
      probes: report.probes,
      metrics: [],
      missing: [],
      context: null,
    },
    settings,
  );
  const cpu = process.cpuUsage(before);
  const answer = {
    rootCauses,
    notOk: report.probes.filter(({ status }) => status !== "ok").map(({ id, reason }) => `${id}: ${reason}`),
    statements: report.probes.reduce((sum, probe) => sum + probe.statements, 0),
    databaseMs: report.probes.reduce((sum, probe) => sum + probe.tookMs, 0),
    diagnosisCpuMs: (cpu.user + cpu.system) / 1000,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(JSON.stringify(answer));
}

void look();
