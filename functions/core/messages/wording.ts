import type { Severity } from "../contract/finding.ts";
import type { Incident } from "../contract/incident.ts";
import type { Engine, Target } from "../contract/target.ts";

const engineNames = { postgres: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" } satisfies Record<
  Engine,
  string
>;

const statusWords = {
  investigating: "Investigating",
  "awaiting-approval": "Awaiting approval",
  mitigating: "Mitigating",
  monitoring: "Monitoring",
  escalated: "Escalated",
  resolved: "Resolved",
} satisfies Record<Incident["status"], string>;

/** SPEC D6: what the severity means and within which time a person answers. */
const severityWords = {
  P0: "P0 outage (SEV-1), respond within 5 min",
  P1: "P1 severe degradation (SEV-2), respond within 15 min",
  P2: "P2 moderate, respond within 1 h",
  P3: "P3 minor, respond within 4 h",
} satisfies Record<Severity, string>;

export function statusWord(status: Incident["status"]): string {
  return statusWords[status];
}

export function severityWord(severity: Severity | null): string {
  return severity === null ? "not rated yet" : severityWords[severity];
}

/** "PostgreSQL 17.4 (Aurora), writer": what stands behind a database's name. */
export function engineOf(target: Target): string {
  const version = target.engineVersion === null ? "" : ` ${target.engineVersion}`;
  const where = { rds: " (RDS)", aurora: " (Aurora)", "self-managed": "" }[target.flavour];
  const role = target.role === "unknown" ? "" : `, ${target.role}`;
  return `${engineNames[target.engine]}${version}${where}${role}`;
}

/** "14:03 UTC"; with the day when it is not that of `now`. A time that cannot be read is shown as it came. */
export function clockTime(at: string | number, now?: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  const iso = date.toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  if (now === undefined || iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)) return time;
  return `${iso.slice(0, 10)} ${time}`;
}

/** "48 s", "7 min 52 s", "31 min", "1 h 12 min", "3 d 2 h": two units at most, as a person says it. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "min", seconds % 60, "s");
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return withRest(hours, "h", minutes % 60, "min");
  return withRest(Math.floor(hours / 24), "d", hours % 24, "h");
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}

/** Milliseconds from an ISO time to `now`, never negative: clocks of two machines differ. */
export function since(at: string, now: number): number {
  const start = Date.parse(at);
  return Number.isNaN(start) ? 0 : Math.max(0, now - start);
}

/** "1 session", "46 sessions". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Ends as a sentence does, whoever wrote it. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?…:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
