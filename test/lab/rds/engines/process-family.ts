import { readdirSync, readFileSync } from "node:fs";

/**
 * A process and its children: a postmaster that is frozen alone leaves its sessions at work. Where there is no /proc,
 * the process alone.
 */
export function familyOf(pid: number): number[] {
  return [
    pid,
    ...processes()
      .filter((one) => one.parent === pid)
      .map((one) => one.pid),
  ];
}

/** Seconds of CPU that the family has used so far; null where there is no /proc. */
export function cpuSecondsOf(pid: number): number | null {
  const family = processes().filter((one) => one.pid === pid || one.parent === pid);
  return family.length === 0 ? null : family.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
}

/** USER_HZ, which Linux has told programs to be 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function processes(): Found[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? found(Number(name)) : []));
  } catch {
    return [];
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: ppid is field 4, utime to cstime are 14 to 17. */
function found(pid: number): Found[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const used = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0);
    return [{ pid, parent: fields[1] ?? 0, ticks: used }];
  } catch {
    // It has ended since it was listed.
    return [];
  }
}
