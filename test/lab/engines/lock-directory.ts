import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./process-guard.ts";
import { waitUntil } from "./wait-until.ts";

/** A holder writes its pid at once; without one after this long it died in between. */
const pidWrittenWithinMs = 10_000;
/** After a reboot the holder's pid may belong to somebody else. */
const longestWorkMs = 900_000;

/**
 * Runs `work` while no other process does the same under this name.
 * It only saves double work: results are published by an atomic rename, so a lock stolen by mistake breaks nothing.
 */
export async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await waitUntil(() => take(lock), { what: `${lock} is free`, timeoutMs: 600_000, everyMs: 50 });
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch {
    if (isStale(lock)) discard(lock);
    return false;
  }
  writeFileSync(join(lock, "pid"), String(process.pid));
  return true;
}

function isStale(lock: string): boolean {
  try {
    const ageMs = Date.now() - statSync(lock).mtimeMs;
    const pid = holderOf(lock);
    return pid > 0 ? !isAlive(pid) || ageMs > longestWorkMs : ageMs > pidWrittenWithinMs;
  } catch {
    // The holder has just released it.
    return false;
  }
}

function holderOf(lock: string): number {
  try {
    return Number(readFileSync(join(lock, "pid"), "utf8"));
  } catch {
    return 0;
  }
}

function discard(lock: string): void {
  const aside = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Somebody else was faster.
  }
}
