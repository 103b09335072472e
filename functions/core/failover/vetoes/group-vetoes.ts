import { always, type Facts, streams, type Veto } from "./veto.ts";

const restMs = 3_600_000;

export const groupVetoes: readonly Veto[] = [
  {
    name: "another-running",
    protects: "from two failovers at once",
    needs: ["lock", "failingOver"],
    overridable: false,
    release: "It lifts when that one has ended.",
    of: always,
    stands: ({ situation, topology }) => {
      if (situation.otherRun !== null) return `run ${situation.otherRun} has this group`;
      if (topology.failingOver === null) return "whether RDS fails it over already could not be seen";
      return topology.failingOver ? "RDS fails it over by itself just now" : null;
    },
  },
  {
    name: "failed-over-lately",
    protects: "from flapping",
    needs: ["lastFailoverAt"],
    overridable: true,
    release: "It lifts 60 minutes after the last one; name it in force if this is another trouble.",
    of: always,
    stands: ({ topology: { lastFailoverAt: at }, now }) => {
      if (at === undefined) return null;
      if (at === null) return "when it was failed over last could not be read";
      return now - Date.parse(at) >= restMs ? null : `the last failover was at ${at}`;
    },
  },
  {
    name: "primary-changes-pending",
    protects: "from changes that are applied with the restart",
    needs: ["primary.pending"],
    overridable: true,
    release: "Apply them or take them back.",
    of: ({ method }) => method === "reboot-with-failover" || method === "fail-over-cluster",
    stands: ({ primary }) => {
      const pending = primary?.pending ?? null;
      if (pending === null) return "what waits to be applied to the primary could not be seen";
      return pending.length === 0 ? null : `${pending.join(", ")} waits to be applied`;
    },
  },
  {
    name: "blue-green-under-way",
    protects: "from breaking a deployment that renames both sides",
    needs: ["blueGreen"],
    overridable: false,
    release: "Finish the blue/green deployment, or delete it.",
    of: always,
    stands: ({ topology }) => {
      if (topology.blueGreen === null)
        return "whether a blue/green deployment is under way could not be seen";
      return topology.blueGreen ? "a blue/green deployment is under way" : null;
    },
  },
  {
    name: "not-available-for-it",
    protects: "from a call that RDS refuses",
    needs: ["primary.status", "clusterStatus", "primary.multiAz"],
    overridable: false,
    release: "Wait until RDS says available.",
    of: ({ method }) => method !== "promote-replica" && method !== "fail-over-global",
    stands: notAvailable,
  },
  {
    name: "one-alarm-of-many",
    protects: "from acting on an event without a cause",
    needs: ["situation.alarms", "situation.cause"],
    overridable: true,
    release: "Diagnose first (responder diagnose); if you see the outage, name it in force.",
    of: ({ input, primary }) => input.kind === "unplanned" && primary?.look?.reachable === true,
    stands: ({ situation: { alarms, cause } }) => {
      if (cause !== null || alarms === null) return null;
      return alarms.standing === 1 && alarms.watching > 1
        ? `one alarm of ${alarms.watching} stands, the database answers, and no cause is known`
        : null;
    },
  },
  {
    name: "names-elsewhere",
    protects: "from a failover whose clients stay on the fenced old primary",
    needs: ["settings failover.databases"],
    overridable: true,
    release:
      "Name the group's first database in failover.databases, or name it in force: no name moves then.",
    of: streams,
    stands: ({ topology: { namesElsewhere: nodes = [] } }) =>
      nodes.length === 0
        ? null
        : `settings have names of ${nodes.join(", ")}, and none of the group that it is in`,
  },
  {
    name: "name-leads-away",
    protects: "from moving a name off a writer that RDS does not show here, one that people promoted by hand",
    needs: ["names"],
    overridable: true,
    release:
      "Say which goes on: point it to one of this group, or name it in force: it is moved to the new primary then.",
    of: streams,
    stands: ({ strangers }) => (strangers.length === 0 ? null : strangers.join(", ")),
  },
  {
    name: "name-unread",
    protects: "from promoting while clients may be elsewhere, and from a name that cannot be moved either",
    needs: ["names"],
    overridable: true,
    release: "Start it again when it can be read, or name it in force: it is moved unread then.",
    of: streams,
    stands: ({ unread }) => (unread.length === 0 ? null : unread.join(", ")),
  },
  {
    name: "region-loss",
    protects: "from losing what the other Region never got",
    needs: ["input.force"],
    overridable: true,
    release: 'Ask for "kind": "planned" (nothing is lost), or name region-loss in force.',
    of: ({ method }) => method === "fail-over-global",
    stands: () => "a failover of the Region loses what was not copied yet",
  },
];

function notAvailable({ method, primary, topology }: Facts): string | null {
  if (method === "reboot-with-failover") {
    if (primary?.multiAz !== true) return "it is not known to have a standby";
    return primary.status === "available" ? null : `RDS says ${primary.status ?? "nothing"} of ${primary.id}`;
  }
  const { clusterStatus } = topology;
  return clusterStatus === "available" ? null : `RDS says ${clusterStatus ?? "nothing"} of the cluster`;
}
