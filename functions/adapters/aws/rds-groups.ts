import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  type Parameter,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { GroupUser, ParameterGroup, ParameterState } from "../../core/change-ports.ts";
import { AwsError } from "../../core/errors.ts";
import { during } from "./attempt.ts";
import { worstStatus } from "./worst-status.ts";

/** More than any engine has parameters, and more databases than an account may have. */
const maxPages = 40;

interface Page<T> {
  readonly items: readonly T[];
  readonly marker: string | undefined;
}

/** What could not be read to its end is not known: a user of a group that was left out would be hit unseen. */
export async function allPages<T>(
  read: (page: { Marker?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let page: { Marker?: string } = {};
  for (let count = 0; count < maxPages; count += 1) {
    const { items, marker } = await read(page);
    found.push(...items);
    if (!marker) return found;
    page = { Marker: marker };
  }
  throw new AwsError("TooManyPages", true, "the answer did not end");
}

/** Null: of every parameter. */
export async function parametersOf(
  client: RDSClient,
  { of, level }: ParameterGroup,
  names: readonly string[] | null,
  signal: AbortSignal | undefined,
): Promise<readonly ParameterState[]> {
  const options = during(signal);
  const found = await allPages<Parameter>(async (page) => {
    const { Parameters: items = [], Marker: marker } =
      level === "cluster"
        ? await client.send(
            new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: of, ...page }),
            options,
          )
        : await client.send(new DescribeDBParametersCommand({ DBParameterGroupName: of, ...page }), options);
    return { items, marker };
  });
  return found.flatMap(({ ParameterName: name, ParameterValue, Source, ApplyType, IsModifiable }) =>
    name !== undefined && (names?.includes(name) ?? true)
      ? [
          {
            ...{ name, value: ParameterValue ?? null },
            // Where RDS does not say whose it is, it counts as somebody's.
            isSet: ParameterValue !== undefined && (Source === undefined || Source === "user"),
            ...{ dynamic: ApplyType === "dynamic", modifiable: IsModifiable ?? false },
          },
        ]
      : [],
  );
}

export async function usersOf(
  client: RDSClient,
  { of, level }: ParameterGroup,
  signal: AbortSignal | undefined,
): Promise<readonly GroupUser[]> {
  const options = during(signal);
  if (level === "cluster") {
    const clusters = await allPages(async (page) => {
      const { DBClusters: items = [], Marker: marker } = await client.send(
        new DescribeDBClustersCommand({ ...page, MaxRecords: 100 }),
        options,
      );
      return { items, marker };
    });
    return clusters
      .filter(({ DBClusterParameterGroup }) => DBClusterParameterGroup === of)
      .map(({ DBClusterIdentifier: id = "", DBClusterMembers: members = [] }) => ({
        id,
        status: worstStatus(members.map((member) => member.DBClusterParameterGroupStatus ?? null)),
      }));
  }
  const instances = await allPages(async (page) => {
    const { DBInstances: items = [], Marker: marker } = await client.send(
      new DescribeDBInstancesCommand({ ...page, MaxRecords: 100 }),
      options,
    );
    return { items, marker };
  });
  return instances.flatMap(({ DBInstanceIdentifier: id = "", DBParameterGroups: groups = [] }) =>
    groups
      .filter(({ DBParameterGroupName }) => DBParameterGroupName === of)
      .map(({ ParameterApplyStatus }) => ({ id, status: ParameterApplyStatus ?? null })),
  );
}
