import { isElsewhere } from "../../contract/failover-topology.ts";
import { primaryState } from "../primary-state.ts";
import { always, type Facts, streams, type Veto } from "./veto.ts";

/** Rows that a transaction may lose or roll back without anybody being asked. */
const maxOpenRows = 100_000;
const maxOpenSeconds = 600;

function unplanned({ input }: Facts): boolean {
  return input.kind === "unplanned";
}

function state({ topology, primary, ownFence }: Facts) {
  return primaryState(topology, primary, ownFence);
}

export const primaryVetoes: readonly Veto[] = [
  {
    name: "primary-alive",
    protects: "from failing over a database that works",
    needs: ["primary.look", "primary.look.writable"],
    overridable: true,
    release: 'Plan it ("kind": "planned"), or name it in force.',
    of: unplanned,
    stands: (facts) => {
      const { is, says } = state(facts);
      return is === "alive" ? says : null;
    },
  },
  {
    name: "only-our-path-cut",
    protects: "from taking the responder's own lost way for an outage: clients go on writing there",
    needs: ["primary.look", "replicas' look.receiving", "primary.activity"],
    overridable: true,
    release: "Mend the way; if clients cannot write either, name it in force.",
    of: always,
    stands: (facts) => {
      const { is, says } = state(facts);
      return is === "path-cut" ? says : null;
    },
  },
  {
    name: "primary-state-unknown",
    protects: "from deciding on one view alone",
    needs: ["primary.look", "replicas' look.receiving or primary.activity"],
    overridable: true,
    release:
      "Ask again when RDS, the replicas or CloudWatch answer; if you know that it is down, name it in force.",
    of: always,
    stands: (facts) => {
      const { is, says } = state(facts);
      return is === "unknown" ? says : null;
    },
  },
  {
    name: "planned-but-down",
    protects: "from a switchover that cannot be without loss",
    needs: ["primary.look"],
    overridable: false,
    release: 'Ask for "kind": "unplanned".',
    of: ({ input, method }) => input.kind === "planned" && method === "promote-replica",
    stands: (facts) => {
      const { is, says } = state(facts);
      return is === "alive" ? null : says;
    },
  },
  {
    name: "large-open-transaction",
    protects: "from a rollback or crash recovery that takes longer than the outage",
    needs: ["primary.look.openTransaction"],
    overridable: true,
    release: "Wait for it, or end it (responder diagnose shows it).",
    of: ({ primary }) => primary?.look?.reachable === true,
    stands: ({ primary }) => {
      const open = primary?.look?.openTransaction ?? null;
      if (open === null) return "whether a large transaction is open on the primary could not be seen";
      if ((open.rows ?? 0) > maxOpenRows) return `a transaction has written ${open.rows} rows`;
      if ((open.seconds ?? 0) > maxOpenSeconds) return `a transaction has worked for ${open.seconds} s`;
      return null;
    },
  },
  {
    name: "primary-in-another-region",
    protects: "from a fence that cannot be raised: security groups and functions here end at the Region",
    needs: ["primary.id"],
    overridable: true,
    release: "Start it from the responder of the primary's Region; if that Region is lost, name it in force.",
    of: streams,
    stands: ({ primary }) =>
      primary !== null && isElsewhere(primary) ? `${primary.id} cannot be fenced from here` : null,
  },
  {
    name: "no-fence",
    protects: "from two writers: nothing here could keep clients off the old primary",
    needs: ["quarantineGroup", "primary.look"],
    overridable: true,
    release: "Set failover.quarantineGroup: a security group that lets in the responder alone.",
    of: streams,
    stands: ({ topology, primary }) => {
      if (
        (topology.quarantineGroup !== null && !(primary && isElsewhere(primary))) ||
        primary?.look?.reachable === true
      )
        return null;
      return "no quarantine security group is configured, and the old primary cannot be reached to fence it";
    },
  },
];
