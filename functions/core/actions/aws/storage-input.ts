import type { Changeable, NumberRange } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import type { Change } from "./change.ts";
import { lowered, storageBack } from "./storage-back.ts";
import { type StorageInput, storageValues } from "./storage-values.ts";

type Purpose = "grow-storage" | "tune-storage";

export function storageCall(purpose: Purpose): (input: StorageInput, target: Target) => AwsCall | string {
  return (input, target) => {
    const found = rowFor(target, purpose);
    return found.is === "none"
      ? found.because
      : callOn(found, { ...storageValues(input), ApplyImmediately: true });
  };
}

/** Optimizing lasts "minutes to more than a day", and it is not done before that has ended. */
const longestSeconds = 30 * 3600;

export function storageChange(purpose: Purpose): Change<StorageInput> {
  return {
    purpose: () => purpose,
    calls: ["ModifyDBInstance", "ModifyDBCluster"],
    longestSeconds,
    call: storageCall(purpose),
    wanted: storageValues,
    back: storageBack,
    check,
  };
}

async function check(world: AwsWorld, input: StorageInput, state: Changeable): Promise<Check | null> {
  const now = state.has["AllocatedStorage"];
  if (now !== input.fromGib) {
    return refuse(
      "state-changed",
      `${input.of} has ${now ?? "no size that was told"} GiB by now, not ${input.fromGib}.`,
      looksAgain,
    );
  }
  const { storageOperation: operation } = state;
  if (operation !== null) {
    return refuse(
      "storage-optimizing",
      `The last change of its storage is still at work (${operation.status}${operation.percent === null ? "" : `, ${operation.percent} %`}), and RDS takes the next one when that has ended.`,
      "Lifts by itself when it has ended.",
    );
  }
  return (
    (await tooOften(world, state)) ??
    (state.kind === "instance" ? await notValid(world, input, state) : null) ??
    (await lowered(world, input, state))
  );
}

/**
 * Four a day since July 2026, where pages from before say six hours.
 * https://aws.amazon.com/about-aws/whats-new/2026/07/amazon-rds-upto-four-storage-modifications-24-hours
 */
const mostInADay = 4;
const changed = /^finished applying (autoscaling-initiated )?modification to (allocated )?storage/i;

async function tooOften({ rds, clock, signal }: AwsWorld, { kind, id }: Changeable): Promise<Check | null> {
  const events = await rds.events({ kind, id }, clock.now() - 24 * 3_600_000, signal);
  const changes = events.filter(({ says }) => changed.test(says)).length;
  if (changes < mostInADay) return null;
  return refuse(
    "storage-changes",
    `The storage of ${id} was changed ${changes} times in the last 24 hours, and RDS takes ${mostInADay} a day.`,
    "Lifts by itself 24 hours after the first of them.",
  );
}

/** DescribeValidDBInstanceModifications is of instances only; a cluster's change RDS itself refuses. */
async function notValid(
  { rds, signal }: AwsWorld,
  input: StorageInput,
  state: Changeable,
): Promise<Check | null> {
  const type = input.type ?? state.has["StorageType"];
  const valid = (await rds.validStorage(input.of, signal)).find((one) => one.type === type);
  const wrong = valid === undefined ? [`a volume of ${type ?? "its type"}`] : outside(input, valid);
  if (wrong.length === 0) return null;
  return refuse(
    "not-valid-now",
    `RDS does not take ${wrong.join(" and ")} for ${input.of} now.`,
    `A person looks at what it takes: aws rds describe-valid-db-instance-modifications --db-instance-identifier ${input.of}`,
  );
}

function outside(
  { sizeGib, iops, throughputMibps }: StorageInput,
  valid: { readonly sizesGib: Ranges; readonly iops: Ranges; readonly throughputMibps: Ranges },
): readonly string[] {
  return [
    within(sizeGib, valid.sizesGib) ? [] : [`${sizeGib} GiB`],
    iops === undefined || within(iops, valid.iops) ? [] : [`${iops} IOPS`],
    throughputMibps === undefined || within(throughputMibps, valid.throughputMibps)
      ? []
      : [`${throughputMibps} MiB/s`],
  ].flat();
}

type Ranges = readonly NumberRange[];

/** Nothing said about it: RDS decides. */
function within(value: number, ranges: Ranges): boolean {
  return ranges.length === 0 || ranges.some(({ from, to }) => value >= from && value <= to);
}
