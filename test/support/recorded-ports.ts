import type { FailoverPorts } from "../../functions/core/failover/ports.ts";

/** The same ports, which note in `sent` everything that moves a writer, or opens or closes a door. */
export function recorded(ports: FailoverPorts, sent: string[]): FailoverPorts {
  const { controlPlane, door, names } = ports;
  const note = (what: string, of: string) => {
    sent.push(`${what} ${of}`);
  };
  return {
    ...ports,
    controlPlane: {
      ...controlPlane,
      promoteReplica: async (id, stamp) => {
        note("promote", id);
        return controlPlane.promoteReplica(id, stamp);
      },
      setSecurityGroups: async (id, groups, stamp) => {
        note(`groups ${groups.join()}`, id);
        return controlPlane.setSecurityGroups(id, groups, stamp);
      },
      restart: async (id, stamp) => {
        note("restart", id);
        return controlPlane.restart(id, stamp);
      },
    },
    door: {
      ...door,
      fence: async (id, stamp) => {
        note("fence", id);
        return door.fence(id, stamp);
      },
      unfence: async (id, stamp) => {
        note("unfence", id);
        return door.unfence(id, stamp);
      },
    },
    names: {
      ...names,
      point: async (ref, to, stamp) => {
        note("point", to);
        return names.point(ref, to, stamp);
      },
    },
  };
}
