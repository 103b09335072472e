import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type AnswerClass, answerFor } from "../../../../functions/core/actions/aws-calls/answers.ts";
import { awsActions } from "../../../../functions/core/actions/aws-index.ts";
import type { RdsOperation } from "../../../../functions/core/text/aws-call.ts";

/** What the actions send, and what the table has beside it. */
const operations: readonly RdsOperation[] = [
  ...new Set<RdsOperation>([
    ...awsActions.flatMap(({ calls }) => calls),
    "ModifyDBParameterGroup",
    "ModifyDBClusterParameterGroup",
    "CreateDBParameterGroup",
    "CreateDBClusterParameterGroup",
    "StartDBInstance",
    "StartDBCluster",
  ]),
];

/** The errors that the SDK's own documentation of a command names. */
function modelledErrors(operation: RdsOperation): readonly string[] {
  const file = `node_modules/@aws-sdk/client-rds/dist-types/commands/${operation}Command.d.ts`;
  const found = [...readFileSync(file, "utf8").matchAll(/@throws \{@link (\w+)\}/g)];
  return found.flatMap(([, name = ""]) => (name === "RDSServiceException" ? [] : [name]));
}

const modelled = operations.flatMap((operation) =>
  modelledErrors(operation).map((error) => [operation, error] as const),
);

/** Which class the errors of facts/peers-2.md B3 and those without a model have, and why not another. */
const classes: readonly (readonly [code: string, is: AnswerClass])[] = [
  ["DBUpgradeDependencyFailureFault", "person"],
  ["InsufficientDBInstanceCapacityFault", "other"],
  ["InvalidDBClusterStateFault", "retry"],
  ["InvalidDBInstanceStateFault", "retry"],
  ["InvalidDBInstanceState", "retry"],
  ["ProvisionedIopsNotAvailableInAZFault", "other"],
  ["StorageQuotaExceededFault", "person"],
  ["StorageTypeNotSupportedFault", "other"],
  ["KMSKeyNotAccessibleFault", "person"],
  ["DBSnapshotAlreadyExistsFault", "already"],
  ["DBClusterSnapshotAlreadyExistsFault", "already"],
  ["InvalidParameterCombination", "person"],
  ["InvalidParameterValue", "person"],
  ["Throttling", "retry"],
  ["ThrottlingException", "retry"],
  ["RequestLimitExceeded", "retry"],
  ["AccessDenied", "person"],
  ["AccessDeniedException", "person"],
  ["ExpiredToken", "retry"],
];

describe("what RDS answers instead of doing it", () => {
  it("A0 the SDK names at least the 22 errors that ModifyDBInstance is known for", () => {
    expect(modelledErrors("ModifyDBInstance").length).toBeGreaterThanOrEqual(22);
  });

  it.each(modelled)("A0 %s: %s has a class and a sentence", (_operation, error) => {
    const answer = answerFor(error);
    expect(answer?.class).toMatch(/^(retry|other|person|already)$/);
    expect(answer?.says).toMatch(/^[A-Z].{15,}\.$/);
  });

  it.each(classes)("A0 %s is for: %s", (code, is) => {
    expect(answerFor(code)?.class).toBe(is);
  });

  it("A0 an answer that nobody has classed has none, and is left to a person", () => {
    expect(answerFor("SomethingNewFault")).toBeNull();
  });
});
