import { follows } from "../follows.ts";
import { lagBeforeTheEnd, lagByMetric, lagOf } from "../lag.ts";
import { primaryState } from "../primary-state.ts";
import { aboutCandidate, unseen } from "./about-candidate.ts";
import { type Facts, streams, type Veto, withCandidate } from "./veto.ts";

export const replicationVetoes: readonly Veto[] = [
  aboutCandidate(
    {
      name: "candidate-of-another-source",
      protects: "from promoting what has nothing of what the primary took since the failover before",
      needs: ["candidate.replicaOf"],
      overridable: false,
      release:
        "Choose a replica of the primary, or make one; without one restore the primary from its backups.",
      of: streams,
    },
    (candidate, facts) => {
      const { id, replicaOf } = candidate;
      const followed = sourceOf(facts);
      if (id === followed || follows(facts.topology, candidate, followed)) return null;
      return `${id} follows ${replicaOf ?? "nobody"}, and not ${followed ?? "a primary that is shown"}`;
    },
  ),
  {
    name: "candidate-lag-unknown",
    protects: "from a loss that nobody knows",
    needs: ["candidate.look positions or heartbeat", "candidate.lag"],
    overridable: true,
    release: "Look at its replication (responder diagnose); unknown is not 0.",
    of: ({ method, candidateId }) => candidateId !== null && method !== "fail-over-cluster",
    stands: ({ candidate, primary }) => {
      const lag = candidate === null ? null : lagOf(candidate, primary);
      return lag === null ? `lag ${unseen}` : lag.known ? null : lag.because;
    },
  },
  {
    name: "candidate-lag-above-limit",
    protects: "from losing more than was agreed to",
    needs: ["candidate lag"],
    overridable: true,
    release:
      "Wait until it has caught up, or raise maxLagSeconds; where a dead primary's last minute alone is above it, a card asks.",
    of: withCandidate,
    stands: ({ candidate, primary, input }) => {
      const lag = candidate === null ? null : lagOf(candidate, primary);
      if (lag === null || !lag.known || lag.seconds <= input.maxLagSeconds) return null;
      return `${lag.seconds} s by ${lag.by}, the limit is ${input.maxLagSeconds} s`;
    },
  },
  {
    name: "replication-stopped",
    protects: "from promoting what has long stood still",
    needs: ["candidate.replication", "candidate.look.applying"],
    overridable: true,
    lasting: true,
    release: "Mend replication, or choose another one.",
    of: streams,
    stands: (facts) => {
      const { candidate } = facts;
      const status = candidate?.replication?.status ?? null;
      if (candidate?.look?.applying === false) return "what it received is not being applied";
      if (candidate?.look?.applying === true && brokeWithPrimary(facts)) return null;
      if (["error", "stopped", "terminated"].includes(status ?? "")) return `RDS says: replication ${status}`;
      return status === null && candidate?.look?.applying !== true
        ? `the state of replication ${unseen}`
        : null;
    },
  },
  aboutCandidate(
    {
      name: "candidate-delayed",
      protects: "from promoting a replica that is late on purpose",
      needs: ["candidate.look.delaySeconds"],
      overridable: true,
      release: "Take the delay off (MySQL: CALL mysql.rds_set_source_delay(0)).",
      of: streams,
    },
    ({ look }) => {
      const delay = look?.delaySeconds ?? null;
      if (delay === null) return `whether it is delayed on purpose ${unseen}`;
      return delay === 0 ? null : `it applies ${delay} s late on purpose`;
    },
  ),
  aboutCandidate(
    {
      name: "candidate-filtered",
      protects: "from promoting a replica that lacks tables",
      needs: ["candidate.look.filtered"],
      overridable: true,
      release: "Choose a replica that has everything.",
      of: streams,
    },
    ({ look }) => {
      if (look?.filtered === false) return null;
      return look?.filtered === true
        ? "its replication leaves something out"
        : `whether anything is filtered ${unseen}`;
    },
  ),
];

/** Who is left, by the name that RDS gives: replicas of one that was renamed follow it by its new one. */
function sourceOf({ primary, primaryId, topology }: Facts): string | null {
  const named = topology.nodes.some(({ replicaOf }) => replicaOf === primaryId);
  return primary !== null || named ? primaryId : topology.primary;
}

/** Of a primary that is gone nobody can receive, and RDS calls that an error; CloudWatch says that it followed till then. */
function brokeWithPrimary({ candidate, primary, topology, input }: Facts): boolean {
  if (primary?.look?.reachable === true || primaryState(topology, primary).is === "alive") return false;
  const followed = candidate === null ? null : lagBeforeTheEnd(candidate, primary);
  if (followed !== null) return followed <= input.maxLagSeconds;
  const lag = candidate === null ? null : lagByMetric(candidate, primary);
  return lag?.known === true && lag.seconds <= input.maxLagSeconds;
}
