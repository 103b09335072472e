import type { Member, Topology } from "../contract/topology.ts";
import { databaseKind } from "./database-kind.ts";
import type { View } from "./view.ts";

export type PendingMaintenance = NonNullable<Topology["maintenance"]>[number];

interface Row {
  readonly does: string;
  /** To whoever is connected, by where it runs. */
  readonly single: string;
  readonly multiAz: string;
  readonly aurora: string;
}

const offline = "the database is offline for minutes";
const failover = "a failover, which seldom takes a minute";
const memberRestarts = "the instance restarts";

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.Maintenance.html
 */
const rows: ReadonlyMap<string, Row> = new Map([
  [
    "system-update",
    { does: "updates the operating system", single: offline, multiAz: failover, aurora: memberRestarts },
  ],
  [
    "os-upgrade",
    {
      does: "updates the operating systems of all instances, a few at a time",
      single: offline,
      multiAz: failover,
      aurora: "each instance restarts in turn, with a failover of the writer",
    },
  ],
  [
    "db-upgrade",
    {
      does: "upgrades the engine",
      single: `${offline} to hours, by its size`,
      multiAz: `${offline} to hours, by its size: the standby is upgraded at the same time`,
      aurora: "the cluster restarts",
    },
  ],
  [
    "hardware-maintenance",
    { does: "works on the host", single: offline, multiAz: failover, aurora: memberRestarts },
  ],
  ...["server-certificate-rotation", "ca-certificate-rotation"].map(
    (name) =>
      [
        name,
        {
          does: "renews the server's certificate",
          single: "the engine restarts, unless its version takes a new certificate without",
          multiAz: "the engine restarts, unless its version takes a new certificate without",
          aurora: "the engine restarts, unless its version takes a new certificate without",
        },
      ] as const,
  ),
]);

/** What it does and whether it interrupts. What no page describes is said to be unknown. */
export function effectOfMaintenance(view: View, { action, resource }: PendingMaintenance): string {
  const row = rows.get(action);
  if (row === undefined)
    return "what it does, and whether it interrupts, is not known here: take it for an interruption";
  const member = memberNamed(view, resource);
  const multiAz = member?.multiAz ?? view.evidence.context?.topology?.cluster?.multiAz ?? false;
  const aurora = databaseKind(view)?.startsWith("aurora") ?? false;
  return `it ${row.does}: ${aurora ? row.aurora : multiAz ? row.multiAz : row.single}`;
}

function memberNamed({ evidence }: View, id: string): Member | null {
  return evidence.context?.topology?.members.find((member) => member.id === id) ?? null;
}

/** What maintenance is asked for by. A cluster's differs from its members' in kind and name; null: not known. */
export function arnOf(view: View, id: string): string | null {
  const member = memberNamed(view, id);
  if (member !== null) return member.arn;
  const { topology = null } = view.evidence.context ?? {};
  const arn = topology?.members.find(({ here }) => here)?.arn ?? null;
  return topology?.cluster?.id === id && arn !== null ? arn.replace(/:db:.*$/, `:cluster:${id}`) : null;
}

export function isCertificateRotation({ action }: PendingMaintenance): boolean {
  return action.endsWith("certificate-rotation");
}
