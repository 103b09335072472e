import { ask, askFurther, deadlineStruck, type Reading, type Run, samplesOf } from "./ask-probe.ts";

/** Looks that follow each other faster show the same moment twice. */
const leastSpaceMs = 20;

/** Readings that a probe still wants before its last one, which ends the wait. */
function between(reading: Reading): number {
  return reading.trouble === null ? Math.max(0, samplesOf(reading) - 1 - reading.taken) : 0;
}

/** Time spent on other questions is time to look in, too: those that want many readings get the ones that are due. */
export async function readingsDue(readings: readonly Reading[], run: Run): Promise<void> {
  for (const reading of readings.filter((one) => samplesOf(one) > 2 && between(one) > 0)) {
    const spaceMs = (run.context.settings.probing.sampleSeconds * 1000) / (samplesOf(reading) - 1);
    if (run.clock.now() - reading.askedAt >= spaceMs) await ask(reading, run);
  }
}

/**
 * One wait for all probes that need rates, less what was spent on other questions since the last first reading. Those
 * that want more than two readings take the rest of them within it.
 */
export async function furtherReadings(
  readings: readonly Reading[],
  run: Run,
  sampledAt: number,
): Promise<void> {
  const sampled = readings.filter(
    (reading) => samplesOf(reading) > 1 && reading.trouble === null && !saysAll(reading),
  );
  if (sampled.length === 0) return;
  const { sampleSeconds } = run.context.settings.probing;
  const waitMs = Math.max(0, sampleSeconds * 1000 - (run.clock.now() - sampledAt));
  const wanted = Math.max(...sampled.map(between));
  const turns = Math.max(0, Math.min(wanted, Math.floor(waitMs / leastSpaceMs) - 1));
  for (let turn = 0; turn < turns; turn += 1) {
    await rest(waitMs / (turns + 1), run);
    for (const reading of sampled) if (between(reading) > 0) await ask(reading, run);
  }
  await rest(waitMs / (turns + 1), run);
  for (const reading of sampled) {
    if (reading.trouble !== null) continue;
    await ask(reading, run);
    await askFurther(reading, run);
  }
}

function saysAll({ probe, answers }: Reading): boolean {
  return probe.isEnough?.(answers) ?? false;
}

async function rest(ms: number, run: Run): Promise<void> {
  if (run.stopped) return;
  try {
    await run.clock.sleep(ms, run.signal);
  } catch (error) {
    run.stopped ??= deadlineStruck(error);
  }
}
