import { type Finding, isHygiene, type Severity } from "../contract/finding.ts";
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

/** Milliseconds from an ISO time to `now`, never negative: clocks of two machines differ. */
export function since(at: string, now: number): number {
  const start = Date.parse(at);
  return Number.isNaN(start) ? 0 : Math.max(0, now - start);
}

/** Ends as a sentence does, whoever wrote it. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?…:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** What a finding is among the others. */
export function roleOf(finding: Finding): string {
  if (finding.explainedBy.length > 0) return "symptom";
  return isHygiene(finding) ? "hygiene" : "root cause";
}
