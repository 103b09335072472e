import type { NameRef } from "../contract/failover-topology.ts";
import type { FailoverSettings } from "../failover-settings.ts";
import { refOf } from "./door/node-ref.ts";

/** By what a group may be called in the settings; all as RDS does, ARNs included. */
export interface Called {
  /** What was typed, and what the whole group is called after, in the order in which they count. */
  readonly group: readonly (string | null)[];
  readonly nodes: readonly string[];
}

export interface Places {
  readonly names: readonly NameRef[];
  readonly quarantineGroup: string | null;
  /** Nodes that settings name where the group itself is not: whether their names are the group's nobody said. */
  readonly namesElsewhere?: readonly string[];
}

/** What the settings say of one group: the names that move with it, and the wall before its old primary. */
export function placesOf({ databases, quarantineGroup }: FailoverSettings, called: Called): Places {
  const plain = (id: string) => refOf(id).id.toLowerCase();
  const known = new Map(Object.entries(databases).map(([id, entry]) => [plain(id), entry]));
  const group = called.group.flatMap((id) => (id === null ? [] : plain(id)));
  const own = group.map((id) => known.get(id)).find((entry) => entry !== undefined);
  if (own !== undefined) return { names: own.names, quarantineGroup: own.quarantineGroup ?? quarantineGroup };
  const elsewhere = called.nodes.map(plain).filter((id) => (known.get(id)?.names.length ?? 0) > 0);
  return { names: [], quarantineGroup, ...(elsewhere.length > 0 ? { namesElsewhere: elsewhere } : {}) };
}
