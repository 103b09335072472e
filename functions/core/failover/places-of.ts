import type { NameRef } from "../contract/failover-topology.ts";
import type { FailoverSettings } from "../failover-settings.ts";

/** What the settings say of one database: the names that move with it, and the wall before its old primary. */
export function placesOf(
  { databases, quarantineGroup }: FailoverSettings,
  database: string,
): { readonly names: readonly NameRef[]; readonly quarantineGroup: string | null } {
  const own = databases[database];
  return { names: own?.names ?? [], quarantineGroup: own?.quarantineGroup ?? quarantineGroup };
}
