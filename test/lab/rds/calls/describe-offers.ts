import { xmlAnswer } from "../api/aws-call.ts";
import { answerWithInstance, named, parameter, type RdsHandler } from "./rds-call.ts";

const classes = ["t4g", "m7g", "r7g"].flatMap((family) =>
  ["medium", "large", "xlarge", "2xlarge", "4xlarge"].map((size) => `db.${family}.${size}`),
);

/** A small region: every class of three families in every zone, with gp3. */
export const describeOrderableDBInstanceOptions: RdsHandler = async (rds) => {
  const { version } = rds.world.kind;
  const engine = parameter(rds, "Engine") ?? rds.world.kind.engine;
  const [ofVersion, ofClass] = [parameter(rds, "EngineVersion"), parameter(rds, "DBInstanceClass")];
  const zones = ["a", "b", "c"].map(
    (zone) => `<AvailabilityZone><Name>eu-west-1${zone}</Name></AvailabilityZone>`,
  );
  const options = classes
    .filter((name) => (ofVersion === null || ofVersion === version) && (ofClass === null || ofClass === name))
    .map((name) =>
      [
        `<OrderableDBInstanceOption><Engine>${engine}</Engine><EngineVersion>${version}</EngineVersion>`,
        `<DBInstanceClass>${name}</DBInstanceClass><AvailabilityZones>${zones.join("")}</AvailabilityZones>`,
        "<MultiAZCapable>true</MultiAZCapable><StorageType>gp3</StorageType><Vpc>true</Vpc></OrderableDBInstanceOption>",
      ].join(""),
    );
  return answered(
    rds.call.operation,
    `<OrderableDBInstanceOptions>${options.join("")}</OrderableDBInstanceOptions>`,
  );
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html: what gp3 and io2 can be changed to. */
export const describeValidDBInstanceModifications: RdsHandler = async (rds) => {
  if (named(rds) === null) return answerWithInstance(rds, parameter(rds, "DBInstanceIdentifier") ?? "");
  const storage = [
    validStorage("gp3", { sizes: [110, 65_536], iops: [3_000, 64_000], throughput: [125, 4_000] }),
    validStorage("io2", { sizes: [110, 65_536], iops: [1_000, 256_000], throughput: [125, 4_000] }),
  ];
  const message = `<Storage>${storage.join("")}</Storage>`;
  return answered(
    rds.call.operation,
    `<ValidDBInstanceModificationsMessage>${message}</ValidDBInstanceModificationsMessage>`,
  );
};

type Span = readonly [from: number, to: number];

function validStorage(
  type: string,
  spans: { readonly sizes: Span; readonly iops: Span; readonly throughput: Span },
) {
  const range = ([from, to]: Span) => `<Range><From>${from}</From><To>${to}</To><Step>1</Step></Range>`;
  const { sizes, iops, throughput } = spans;
  return [
    `<ValidStorageOptions><StorageType>${type}</StorageType><StorageSize>${range(sizes)}</StorageSize>`,
    `<ProvisionedIops>${range(iops)}</ProvisionedIops>`,
    `<ProvisionedStorageThroughput>${range(throughput)}</ProvisionedStorageThroughput></ValidStorageOptions>`,
  ].join("");
}

export function answered(operation: string, result: string) {
  return xmlAnswer(
    200,
    `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
  );
}
