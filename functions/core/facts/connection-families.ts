import type { ConnectionGroup } from "../probes/rows.ts";
import { compare } from "../text/compare.ts";
import { nameStem } from "../text/name-stem.ts";
import { duration } from "../text/wording.ts";
import { largestFirst, stateText } from "./connection-groups.ts";

/** Connections of one user under one name, or under names that differ only as those of one program's instances do. */
export interface ConnectionFamily {
  readonly groups: readonly ConnectionGroup[];
  readonly user: string | null;
  /** The name without what differs where there are several; null without one. */
  readonly application: string | null;
  /** Sorted; null is one, too: no name. */
  readonly names: readonly (string | null)[];
  /** Those with most connections first; null is the local socket. */
  readonly clients: readonly (string | null)[];
  readonly count: number;
  /** Others go by the same name, so that it alone says not whose they are: a driver's, most of the time. */
  readonly namesake: boolean;
}

/**
 * The largest first. `apart` keeps apart what would be one family, as clients must be where sessions are ended: the
 * same name of the same user may be another service elsewhere.
 */
export function connectionFamilies(
  connections: readonly ConnectionGroup[],
  apart: (group: ConnectionGroup) => unknown = () => null,
): readonly ConnectionFamily[] {
  const families = Map.groupBy(connections, (group) =>
    JSON.stringify([group.user, stemOf(group), apart(group)]),
  );
  return [...families]
    .map(([key, groups]) => ({ key, family: familyOf(groups, connections) }))
    .toSorted((a, b) => b.family.count - a.family.count || compare(a.key, b.key))
    .map(({ family }) => family);
}

function stemOf({ application }: ConnectionGroup): string | null {
  return application ? nameStem(application) : null;
}

function familyOf(groups: readonly ConnectionGroup[], all: readonly ConnectionGroup[]): ConnectionFamily {
  const names = [...new Set(groups.map(({ application }) => application))].toSorted((a, b) =>
    compare(a ?? "", b ?? ""),
  );
  const [first] = groups;
  return {
    groups,
    user: first?.user ?? null,
    application: names.length > 1 && first !== undefined ? stemOf(first) : (names[0] ?? null),
    names,
    clients: [...new Set(largestFirst(groups).map(({ client }) => client))],
    count: groups.reduce((sum, { count }) => sum + count, 0),
    namesake:
      first !== undefined && all.some((one) => one.user !== first.user && stemOf(one) === stemOf(first)),
  };
}

/**
 * "40 idle in transaction of app checkout from 10.0.0.7 for up to 4 min", of the largest first: what holds most is
 * found under whatever names it has.
 */
export function largestHolders(connections: readonly ConnectionGroup[]): readonly string[] {
  return connectionFamilies(connections, ({ state }) => state).flatMap((family) => {
    const [first] = family.groups;
    return first === undefined
      ? []
      : [
          `${family.count} ${stateText(first.state)} of ${familyText(family)} for up to ${duration(oldestOf(family.groups))}${listeningText(family)}`,
        ];
  });
}

/** Who listens keeps a connection each, which one could do for all of a process. */
function listeningText({ groups }: ConnectionFamily): string {
  const listening = groups.reduce((sum, group) => sum + (group.listening ?? 0), 0);
  return listening === 0
    ? ""
    : `, ${listening} of which LISTEN and idle on purpose; one connection can listen on all channels of a process`;
}

/** Null where no group tells. */
export function oldestOf(groups: readonly ConnectionGroup[]): number | null {
  const ages = groups.map(({ oldestStateSeconds }) => oldestStateSeconds).filter((age) => age !== null);
  return ages.length === 0 ? null : Math.max(...ages);
}

/** "app thumbnailer-* (49 names) from 2 addresses (10.0.0.7 first)", and the user where the name has several. */
export function familyText({ application, user, names, clients, namesake }: ConnectionFamily): string {
  const whose = application ? `app ${application}` : `user ${user ?? "unknown"}`;
  const several = names.length > 1 ? ` (${names.length} names)` : "";
  const where = fromText(clients);
  const of = application && namesake ? `, user ${user ?? "unknown"}${where === "" ? "" : ","}` : "";
  return `${whose}${several}${of}${where}`;
}

function fromText(clients: ConnectionFamily["clients"]): string {
  const [first = null] = clients;
  if (clients.length > 1) return ` from ${clients.length} addresses (${first ?? "the local socket"} first)`;
  return first === null ? "" : ` from ${first}`;
}
