import * as z from "zod";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { defineAwsAction } from "../define-aws.ts";
import { valuesText } from "./look-for-parameters.ts";
import { groupShape, parameterCall, setsParameters } from "./set-parameters.ts";
import { settingSchema } from "./setting.ts";

const inputSchema = z.strictObject({ ...groupShape, values: z.array(settingSchema).min(1).max(20) });
type Input = z.infer<typeof inputSchema>;

/** A24: values of dynamic parameters, in a group of its own. */
export const changeParameterOffer = defineOffer({
  id: "change-parameter",
  spec: ["A24", "A40"],
  title: "Change the parameter",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The values of before, which the record names, by the same call.",
  preview: (input, target) => callPreview(target, parameterCall(input, input.values, target)),
  describes: ({ of, values }) => `Sets ${valuesText(values)} in the parameter group ${of}`,
  key: ({ of, values }) => `change-parameter ${of} ${valuesText(values)}`,
});

export const changeParameter = /* @__PURE__ */ defineAwsAction(
  changeParameterOffer,
  /* @__PURE__ */ setsParameters(({ values }: Input) => values),
);
