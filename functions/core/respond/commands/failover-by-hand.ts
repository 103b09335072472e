import type { Target } from "../../contract/target.ts";
import type { Deps } from "../deps.ts";
import { findDatabase } from "./find-database.ts";

const notYet =
  "Nothing was done: this only says how. A failover does not cure a lock or a slow query: /db diagnose first. With every check and the fence: the state machine …-failover in Step Functions, or responder failover NAME. By hand:";

/** A command starts no failover: said so, with what does and the calls that a person makes. */
export async function failoverByHand(name: string, deps: Pick<Deps, "rds">): Promise<string> {
  const found = await findDatabase(name, deps);
  if (found.kind === "unknown") return `${found.says} Nothing was done.`;
  if (found.kind === "unread") return [found.says, notYet, ...anyOf(name)].join("\n");
  return [notYet, ...callsFor(found.target)].join("\n");
}

/** https://docs.aws.amazon.com/cli/latest/reference/rds/failover-db-cluster.html and its neighbours */
function callsFor({ name, clusterId, role }: Target): readonly string[] {
  if (clusterId !== null)
    return [`aws rds failover-db-cluster --db-cluster-identifier ${clusterId} (to a healthy reader of it)`];
  const promote = `aws rds promote-read-replica --db-instance-identifier ${role === "reader" ? name : "A-REPLICA"} (first make sure that nobody writes to the old primary, and that the replica has no lag: what it has not received is lost)`;
  return role === "reader"
    ? [promote]
    : [
        `aws rds reboot-db-instance --db-instance-identifier ${name} --force-failover (where it is Multi-AZ)`,
        promote,
      ];
}

function anyOf(name: string): readonly string[] {
  return [
    `aws rds failover-db-cluster --db-cluster-identifier ${name} (a cluster)`,
    `aws rds reboot-db-instance --db-instance-identifier ${name} --force-failover (a Multi-AZ instance)`,
  ];
}
