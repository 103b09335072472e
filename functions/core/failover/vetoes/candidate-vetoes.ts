import { sizeUnitsOf } from "../../actions/aws-calls/class-sizes.ts";
import { isElsewhere } from "../../contract/failover-topology.ts";
import { aboutCandidate, unseen } from "./about-candidate.ts";
import { streams, type Veto, withCandidate } from "./veto.ts";

const minFreePercent = 5;

function compared(name: string, ours: string | null, theirs: string | null): string | null {
  if (ours === null || theirs === null) return `${name} ${unseen}`;
  return ours === theirs ? null : `${name} is ${ours}, the primary's ${theirs}`;
}

export const candidateVetoes: readonly Veto[] = [
  {
    name: "candidate-not-in-group",
    protects: "from pointing clients at another database",
    needs: ["nodes"],
    overridable: false,
    lasting: true,
    release: "Name one of the group's nodes, or none.",
    of: withCandidate,
    stands: ({ candidate, candidateId, topology }) => {
      const { primary, nodes } = topology;
      if (candidateId === primary) return `${candidateId} is the primary itself`;
      const ids = nodes.map(({ id }) => id).filter((id) => id !== primary);
      return candidate === null ? `${candidateId} is none of ${ids.join(", ") || "no other node"}` : null;
    },
  },
  aboutCandidate(
    {
      name: "proxy-in-another-region",
      protects: "from clients whose RDS Proxy cannot lead to the new primary",
      needs: ["candidate.id", "names"],
      overridable: true,
      release: "Choose a replica of this Region, or name it in force: the proxy stays where it is.",
      of: streams,
    },
    (candidate, { topology }) => {
      const proxy = topology.names.find(({ kind }) => kind === "proxy");
      if (proxy === undefined || !isElsewhere(candidate)) return null;
      return `a name is an RDS Proxy, and ${candidate.id} lies in another Region`;
    },
  ),
  aboutCandidate(
    {
      name: "candidate-not-available",
      protects: "from a promotion that is refused or never ends",
      needs: ["candidate.status"],
      overridable: false,
      release: "Wait until RDS says available: it refuses a promotion while it backs up or modifies.",
    },
    ({ status, id }) => (status === "available" ? null : `RDS says ${status ?? "nothing"} of ${id}`),
  ),
  aboutCandidate(
    {
      name: "candidate-unreachable",
      protects: "from promoting what serves nobody",
      needs: ["candidate.look"],
      overridable: true,
      release: "Mend the way to it, or choose another one.",
      of: (facts) => withCandidate(facts) && facts.method !== "switch-over-global",
    },
    ({ look, id }) =>
      look?.reachable === true
        ? null
        : `${id} does not answer from the VPC (${look?.failedAt ?? "not asked"})`,
  ),
  aboutCandidate(
    {
      name: "candidate-smaller",
      protects: "from a new primary that falls over under the load",
      needs: ["candidate.instanceClass", "primary.instanceClass"],
      overridable: true,
      release: "Scale it first: responder act scale-instance-class.",
    },
    ({ instanceClass }, { primary }) => {
      if (instanceClass !== null && instanceClass === primary?.instanceClass) return null;
      const [ours, theirs] = [sizeUnitsOf(instanceClass ?? ""), sizeUnitsOf(primary?.instanceClass ?? "")];
      if (ours === null || theirs === null) return `whether its class is large enough ${unseen}`;
      return ours < theirs ? `it is ${instanceClass}, the primary ${primary?.instanceClass}` : null;
    },
  ),
  aboutCandidate(
    {
      name: "candidate-version",
      protects: "from another version under the same application",
      needs: ["candidate.engineVersion", "primary.engineVersion"],
      overridable: true,
      release: "Upgrade it, or name it in force when the application has run on it.",
    },
    ({ engineVersion }, { primary }) => compared("version", engineVersion, primary?.engineVersion ?? null),
  ),
  aboutCandidate(
    {
      name: "candidate-parameters",
      protects: "from a new primary with other limits and time-outs",
      needs: ["candidate.parameterGroup", "primary.parameterGroup", "candidate.parameterStatus"],
      overridable: true,
      release: "Give it the primary's parameter group and reboot it.",
    },
    ({ parameterGroup, parameterStatus }, { primary }) =>
      compared("parameter group", parameterGroup, primary?.parameterGroup ?? null) ??
      (parameterStatus === "in-sync"
        ? null
        : `its parameters are ${parameterStatus ?? "in an unknown state"}`),
  ),
  aboutCandidate(
    {
      name: "candidate-changes-pending",
      protects: "from changes that would be applied along with the promotion's restart",
      needs: ["candidate.pending"],
      overridable: true,
      release: "Apply them or take them back.",
    },
    ({ pending }) => {
      if (pending === null) return `pending changes ${unseen}`;
      return pending.length === 0 ? null : `${pending.join(", ")} waits to be applied`;
    },
  ),
  aboutCandidate(
    {
      name: "candidate-backups-off",
      protects: "from a primary without a way back, and one that no replica can be made of",
      needs: ["candidate.backupRetentionDays"],
      overridable: true,
      release: "The promotion can set seven days: name it in force.",
      of: streams,
    },
    ({ backupRetentionDays: days }) => {
      if (days === null) return `whether it is backed up ${unseen}`;
      return days > 0 ? null : "its backups are off";
    },
  ),
  aboutCandidate(
    {
      name: "storage-full",
      protects: "from a new primary that stops at once",
      needs: ["candidate.freeStoragePercent"],
      overridable: true,
      release: "Grow its storage: responder act grow-storage.",
      of: streams,
    },
    ({ freeStoragePercent: free }) => {
      if (free === null) return `its free storage ${unseen}`;
      return free >= minFreePercent ? null : `it has ${free} % of its storage free`;
    },
  ),
];
