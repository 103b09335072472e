import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { defineAwsAction } from "../define-aws.ts";
import { changes } from "./change.ts";
import { storageCall, storageChange } from "./storage-input.ts";
import { storageInputSchema } from "./storage-values.ts";

/** A23: more room. No call makes a volume smaller again. */
export const growStorageOffer = defineOffer({
  id: "grow-storage",
  spec: ["A23", "A40"],
  title: "Grow the storage",
  risk: "irreversible",
  engines: ["postgres", "mysql", "mariadb"],
  input: storageInputSchema,
  undo: null,
  preview: (input, target) => callPreview(target, storageCall("grow-storage")(input, target)),
  describes: ({ of, fromGib, sizeGib }) => `Grows the storage of ${of} from ${fromGib} to ${sizeGib} GiB`,
  key: ({ of, sizeGib }) => `grow-storage ${of} ${sizeGib}`,
});

export const growStorage = /* @__PURE__ */ defineAwsAction(
  growStorageOffer,
  /* @__PURE__ */ changes(/* @__PURE__ */ storageChange("grow-storage")),
);
