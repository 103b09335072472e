import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import { changes } from "./change.ts";
import { aboveCeiling } from "./class-ceiling.ts";
import { openTransaction } from "./guards.ts";
import { shownShape } from "./shown.ts";
import { tooSmall } from "./smaller-class.ts";

const classSchema = z.string().regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, "is no class of RDS (db.m7g.large)");
const inputSchema = z.strictObject({
  ...shownShape,
  from: classSchema,
  to: classSchema,
  /** Of what takes a growth back: when that was ordered, and from which class to which. */
  grew: z.strictObject({ at: z.iso.datetime(), from: classSchema, to: classSchema }).exactOptional(),
});
type Input = z.infer<typeof inputSchema>;

/** A20: a class with more, by an outage. */
export const scaleInstanceClassOffer = defineOffer({
  id: "scale-instance-class",
  spec: ["A20", "A40"],
  title: "Change the class",
  risk: "disruptive",
  restarts: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The class of before by the same call and with the same outage, once the last 24 hours fit it.",
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, from, to }) => `Changes the class of ${of} from ${from} to ${to}`,
  key: ({ of, to }) => `scale-instance-class ${of} ${to}`,
});

export const scaleInstanceClass = /* @__PURE__ */ defineAwsAction(
  scaleInstanceClassOffer,
  /* @__PURE__ */ changes({
    purpose: () => "scale-class",
    calls: ["ModifyDBInstance", "ModifyDBCluster"],
    // AWS names no limit; an instance that writes much takes long to shut down.
    longestSeconds: 7200,
    call: callOf,
    wanted: ({ to }, target) => ({ [parameterOf(target)]: to }),
    back: ({ of, resourceId, from, to }, _before, at) => ({
      actionId: "scale-instance-class",
      input: { of, resourceId, from: to, to: from, grew: { at, from, to } },
    }),
    check,
  }),
);

/** A Multi-AZ DB cluster has one class for all of its instances. */
function parameterOf(target: Target): "DBInstanceClass" | "DBClusterInstanceClass" {
  const found = rowFor(target, "scale-class");
  return found.is === "row" && found.row.whose === "cluster" ? "DBClusterInstanceClass" : "DBInstanceClass";
}

function callOf({ to }: Input, target: Target): AwsCall | string {
  const found = rowFor(target, "scale-class");
  return found.is === "none"
    ? found.because
    : callOn(found, { [parameterOf(target)]: to, ApplyImmediately: true });
}

async function check(world: AwsWorld, input: Input, state: Changeable): Promise<Check | null> {
  const now = state.has[parameterOf(world.target)];
  if (now !== input.from) {
    return refuse(
      "state-changed",
      `${input.of} is ${now ?? "of no class that was told"} by now, not ${input.from}.`,
      looksAgain,
    );
  }
  return (
    aboveCeiling(world, input.to) ??
    openTransaction(world, input) ??
    (await notOrderable(world, input, state)) ??
    tooSmall(world, input, state)
  );
}

/** What is offered in the Region may not be there in its zone, for its version or its type of storage. */
async function notOrderable(
  { rds, signal }: AwsWorld,
  { to }: Input,
  { kind, engine, engineVersion, zones, multiAz, has }: Changeable,
): Promise<Check | null> {
  if (engine === null || engineVersion === null || zones.length === 0) {
    return refuse(
      "cannot-see",
      `Engine, version and zone have to be known to tell whether ${to} can be had there, and RDS did not say them.`,
      looksAgain,
    );
  }
  const options = await rds.orderable({ engine, engineVersion, instanceClass: to }, signal);
  // Of a standby only: members of a cluster are no Multi-AZ instances, whatever is said of the cluster.
  const hasStandby = kind === "instance" && multiAz === true && !engine.startsWith("aurora");
  const fits = options.filter(
    ({ storageType, multiAzCapable }) =>
      (!hasStandby || multiAzCapable) &&
      (has["StorageType"] === undefined || storageType === null || storageType === has["StorageType"]),
  );
  if (zones.every((zone) => fits.some((option) => option.zones.includes(zone)))) return null;
  return refuse(
    "not-orderable",
    `RDS offers no ${to} for ${engine} ${engineVersion} in ${zones.join(" and ")}${has["StorageType"] === undefined ? "" : ` with ${has["StorageType"]}`}.`,
    `A person chooses another: aws rds describe-orderable-db-instance-options --engine ${engine} --engine-version ${engineVersion} lists them.`,
  );
}
