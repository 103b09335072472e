import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { defineAwsAction } from "../define-aws.ts";
import { groupShape, parameterCall, setsParameters } from "./set-parameters.ts";
import type { Setting } from "./setting.ts";

const inputSchema = z.strictObject({
  ...groupShape,
  /** What takes longer is logged. 0 would log every statement, and fill the volume. */
  seconds: z.number().min(0.05).max(3600),
  /** What the database had of these when it was proposed. */
  seen: z.record(z.string(), z.string()).default({}),
});
type Input = z.infer<typeof inputSchema>;

/** A25: a line for each slow statement. */
export const enableSlowQueryLogOffer = defineOffer({
  id: "enable-slow-query-log",
  spec: ["A25", "A40"],
  title: "Log slow statements",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The values of before, by the same call; where the engine's default counted, a person resets the parameter.",
  preview: (input, target) => callPreview(target, parameterCall(input, valuesOf(input, target), target)),
  describes: ({ of, seconds }) => `Logs what takes over ${seconds} s, by the parameter group ${of}`,
  key: ({ of, seconds }) => `enable-slow-query-log ${of} ${seconds}`,
});

export const enableSlowQueryLog = /* @__PURE__ */ defineAwsAction(
  enableSlowQueryLogOffer,
  /* @__PURE__ */ setsParameters(valuesOf),
);

/**
 * Alone the switch of MySQL would log what takes ten seconds, into a table that fills the storage and that no API can
 * download.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.Generallog.html
 */
function valuesOf({ seconds, seen }: Input, { engine }: Target): readonly Setting[] {
  const towards = "lower";
  const values: readonly Setting[] =
    engine === "postgres"
      ? [{ name: "log_min_duration_statement", value: String(Math.round(seconds * 1000)), towards }]
      : [
          { name: "slow_query_log", value: "1", towards: "neither" },
          { name: "long_query_time", value: String(seconds), towards },
          { name: "log_output", value: "FILE", towards: "neither" },
        ];
  return values.map((one) => {
    const was = seen[one.name];
    return was === undefined ? one : { ...one, seen: was };
  });
}
