import * as z from "zod";
import type { View } from "../../functions/core/facts/view.ts";
import type { PastedCall } from "./aws-model.ts";

const inputSchema = z.looseObject({
  AllocatedStorage: z.number().optional(),
  Iops: z.number().optional(),
  StorageThroughput: z.number().optional(),
  StorageType: z.string().optional(),
  MaxAllocatedStorage: z.number().optional(),
  ServerlessV2ScalingConfiguration: z
    .object({
      MinCapacity: z.number(),
      MaxCapacity: z.number(),
      SecondsUntilAutoPause: z.number().optional(),
    })
    .optional(),
});
type Input = z.infer<typeof inputSchema>;

interface Case {
  readonly operation: string;
  readonly input: Input;
  /** The volume as it is, with the type that it gets. */
  readonly type: string | null;
  readonly was: {
    readonly sizeGib: number | null;
    readonly iops: number | null;
    readonly limitGib: number | null;
  };
  readonly kind: string;
}

interface Rule {
  readonly says: string;
  readonly source: string;
  readonly holds: (each: Case) => boolean;
}

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";

/** What depends on what, as AWS documents it and as those report whom it refused; the SDK's model knows none of it. */
const rules: readonly Rule[] = [
  {
    says: "storage grows by 10 % at the least, or stays",
    source: `${api}/API_ModifyDBInstance.html`,
    holds: ({ input, was }) =>
      input.AllocatedStorage === undefined ||
      was.sizeGib === null ||
      input.AllocatedStorage === was.sizeGib ||
      (input.AllocatedStorage >= was.sizeGib * 1.1 && input.AllocatedStorage <= 65_536),
  },
  {
    says: "IOPS come with the size, and the size with IOPS, where there are IOPS",
    source: `${api}/API_ModifyDBInstance.html`,
    holds: ({ input, type }) => {
      if (input.Iops !== undefined) return input.AllocatedStorage !== undefined;
      const provisions =
        type === "io1" || type === "io2" || (type === "gp3" && (input.AllocatedStorage ?? 0) >= 400);
      return input.AllocatedStorage === undefined || !provisions;
    },
  },
  {
    says: "gp3 under 400 GiB takes neither IOPS nor throughput",
    source: "https://github.com/hashicorp/terraform-provider-aws/pull/28243",
    holds: ({ input, type }) =>
      type !== "gp3" ||
      (input.AllocatedStorage ?? 400) >= 400 ||
      (input.Iops === undefined && input.StorageThroughput === undefined),
  },
  {
    says: "gp3 from 400 GiB on has 12,000 to 64,000 IOPS, 500 a GiB at most",
    source: `${guide}/CHAP_Storage.html#gp3-storage`,
    holds: ({ input, type }) =>
      type !== "gp3" ||
      input.Iops === undefined ||
      (input.Iops >= 12_000 && input.Iops <= 64_000 && input.Iops <= 500 * (input.AllocatedStorage ?? 0)),
  },
  {
    says: "throughput is 500 to 4,000 MiB/s of gp3, a quarter of the IOPS at most",
    source: `${guide}/CHAP_Storage.html#gp3-storage`,
    holds: ({ input, type }) =>
      input.StorageThroughput === undefined ||
      (type === "gp3" &&
        input.StorageThroughput >= 500 &&
        input.StorageThroughput <= 4000 &&
        input.StorageThroughput <= 0.25 * (input.Iops ?? 0)),
  },
  {
    says: "io1 has 0.5 to 50 IOPS a GiB, io2 to 1,000, from 100 GiB on",
    source: `${guide}/CHAP_Storage.html#USER_PIOPS`,
    holds: ({ input, type }) => {
      if ((type !== "io1" && type !== "io2") || input.Iops === undefined) return true;
      const size = input.AllocatedStorage ?? 0;
      const most = type === "io1" ? 50 : 1000;
      return (
        size >= 100 && input.Iops >= Math.max(1000, size / 2) && input.Iops <= Math.min(256_000, most * size)
      );
    },
  },
  {
    says: "the limit of autoscaling is 10 % over the size at the least",
    source: `${guide}/USER_PIOPS.Autoscaling.html`,
    holds: ({ operation, input, was }) => {
      if (operation !== "ModifyDBInstance") return true;
      const limit = input.MaxAllocatedStorage ?? was.limitGib;
      return (
        limit === null ||
        input.AllocatedStorage === undefined ||
        limit >= input.AllocatedStorage * 1.1 ||
        limit === 65_536
      );
    },
  },
  {
    says: "the instances of a Multi-AZ DB cluster are not modified",
    source: `${guide}/modify-multi-az-db-cluster.html`,
    holds: ({ operation, kind }) =>
      kind !== "multi-az-cluster" ||
      !/^ModifyDB(Instance|ParameterGroup)$|^CreateDB(Instance|Snapshot)$/.test(operation),
  },
  {
    says: "the throughput of a Multi-AZ DB cluster cannot be set, and it has no autoscaling",
    source: `${guide}/multi-az-db-clusters-concepts.Limitations.html`,
    holds: ({ operation, input }) =>
      operation !== "ModifyDBCluster" ||
      (input.StorageThroughput === undefined && input.MaxAllocatedStorage === undefined),
  },
  {
    says: "storage and a class of the cluster are for Multi-AZ DB clusters only",
    source: `${api}/API_ModifyDBCluster.html`,
    holds: ({ kind, input }) =>
      !kind.startsWith("aurora") ||
      (input.AllocatedStorage === undefined && !Object.hasOwn(input, "DBClusterInstanceClass")),
  },
  {
    says: "a capacity range has a largest of 1 ACU or more, in half steps, over its smallest",
    source: `${api}/API_ServerlessV2ScalingConfiguration.html`,
    holds: ({ input: { ServerlessV2ScalingConfiguration: range } }) =>
      range === undefined ||
      (range.MaxCapacity >= Math.max(1, range.MinCapacity) &&
        range.MaxCapacity <= 256 &&
        range.MaxCapacity % 0.5 === 0),
  },
  {
    says: "a default group cannot be changed, and its name cannot be given to another",
    source: `${guide}/parameter-groups-overview.html`,
    holds: ({ input }) =>
      !["DBParameterGroupName", "DBClusterParameterGroupName"].some((name) =>
        String(input[name] ?? "").startsWith("default."),
      ),
  },
  {
    says: "a new name has letters, digits and single hyphens, and begins with a letter",
    source: `${api}/API_CreateDBSnapshot.html`,
    holds: ({ input }) =>
      Object.entries(input)
        .filter(([name]) => /(Snapshot|Instance|Cluster)Identifier$|GroupName$/.test(name))
        .every(([, value]) => /^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$/i.test(String(value))),
  },
];

/** The rules that the call breaks on this database, each with its source. */
export function brokenDependencies(call: PastedCall, { evidence }: View): readonly string[] {
  const input = inputSchema.parse(call.input);
  const topology = evidence.context?.topology ?? null;
  const storage = topology?.members.find(({ id }) => id === evidence.target.name)?.storage ?? null;
  const each: Case = {
    operation: call.operation,
    input,
    type: input.StorageType ?? storage?.type ?? null,
    was: {
      sizeGib: storage?.allocatedGib ?? null,
      iops: storage?.iops ?? null,
      limitGib: storage?.limitGib ?? null,
    },
    kind: topology?.kind ?? "unknown",
  };
  return rules.filter(({ holds }) => !holds(each)).map(({ says, source }) => `${says} (${source})`);
}
