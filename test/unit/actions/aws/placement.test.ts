import { describe, expect, it } from "vitest";
import { addReaderOffer } from "../../../../functions/core/actions/aws/add-reader.ts";
import { type Placement, placed, placementOf } from "../../../../functions/core/actions/aws/placement.ts";
import { restoreCopyOffer } from "../../../../functions/core/actions/aws/restore-copy.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, awsInputs, changeableTarget } from "../../../support/rds-builder.ts";

const like: Placement = {
  ...{ securityGroupIds: ["sg-orders", "sg-ops"], subnetGroup: "inside", isPublic: false },
  storage: { type: "io2", iops: 6000, throughputMibps: null },
};
const aurora = { ...changeableTarget, flavour: "aurora" as const, clusterId: "shop", name: "shop-1" };

const previewOf = (id: "add-reader" | "restore-copy", target = changeableTarget) => {
  const offer = id === "add-reader" ? addReaderOffer : restoreCopyOffer;
  const offered = offer.offer({ ...awsInputs[id], like }, target);
  return offered.kind === "offered" ? offered.preview : "";
};

describe("A22 a replica", () => {
  it("is made as its source lies, by the call that was shown, and told to lie so", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("add-reader", {}, { like });
    const began = await execute(order);
    expect(rds.sent[0]?.input).toMatchObject({
      ...{ VpcSecurityGroupIds: ["sg-orders", "sg-ops"], PubliclyAccessible: false },
      ...{ StorageType: "io2", Iops: 6000 },
    });
    expect(rds.sent[0]?.input).not.toHaveProperty("DBSubnetGroupName");
    expect(previewOf("add-reader")).toContain(
      "--vpc-security-group-ids sg-orders sg-ops --no-publicly-accessible --storage-type io2 --iops 6000",
    );
    rds.settle();
    const done = await follow(order, began);
    expect(done.summary).toContain("with the security groups sg-orders, sg-ops");
    expect(done).toMatchObject({ status: "done", undo: { input: { like } } });
  });

  it("is not told to be reached by anybody where nobody has seen how its source lies", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("add-reader");
    const began = await execute(order);
    rds.settle();
    expect((await follow(order, began)).summary).toContain("nobody has seen whether anybody reaches it");
  });

  it("of Aurora lies as its cluster does, and is as public as its writer", () => {
    const preview = previewOf("add-reader", aurora);
    expect(preview).toContain("--no-publicly-accessible");
    expect(preview).not.toContain("--vpc-security-group-ids");
  });
});

describe("A28 a copy", () => {
  it("is brought back to where its source lies", () => {
    const preview = previewOf("restore-copy");
    expect(preview).toContain("--vpc-security-group-ids sg-orders sg-ops --db-subnet-group-name inside");
    expect(preview).toContain("--no-publicly-accessible --storage-type io2 --iops 6000");
  });

  it("of Aurora gets groups and subnets for its cluster", () => {
    const [cluster = "", , member = ""] = previewOf("restore-copy", aurora).split(" &&\n");
    expect(cluster).toContain("--vpc-security-group-ids sg-orders sg-ops --db-subnet-group-name inside");
    expect(cluster).not.toContain("storage");
    expect(member).toContain("--no-publicly-accessible");
    expect(member).not.toContain("--vpc-security-group-ids");
  });
});

describe("A22 the volume of what is made", () => {
  it.each([
    [{ type: "gp3", iops: 3000, throughputMibps: 125 }, { StorageType: "gp3" }],
    [
      { type: "gp3", iops: 14_000, throughputMibps: 500 },
      { StorageType: "gp3", Iops: 14_000, StorageThroughput: 500 },
    ],
    [{ type: "gp2", iops: 300, throughputMibps: null }, { StorageType: "gp2" }],
    [
      { type: "io1", iops: 2000, throughputMibps: 0 },
      { StorageType: "io1", Iops: 2000 },
    ],
  ])("%j is asked for as RDS takes it", (storage, wanted) => {
    const {
      VpcSecurityGroupIds: _,
      PubliclyAccessible: __,
      ...rest
    } = placed({ ...like, storage }, "replica");
    expect(rest).toEqual(wanted);
  });
});

describe("A22 where a source lies", () => {
  it("is not known without its groups, nor without whether it is public", () => {
    expect(placementOf(null)).toBeNull();
  });
});
