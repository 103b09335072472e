import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { defineAwsAction } from "../define-aws.ts";
import { changes } from "./change.ts";
import { storageCall, storageChange } from "./storage-input.ts";
import { storageInputSchema } from "./storage-values.ts";

/** A23: type, IOPS or throughput of a volume, its size as it is. */
export const tuneStorageOffer = defineOffer({
  id: "tune-storage",
  spec: ["A23", "A40"],
  title: "Change the storage",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: storageInputSchema.refine(
    ({ fromGib, sizeGib }) => fromGib === sizeGib,
    "grows: that is grow-storage",
  ),
  undo: "IOPS and throughput of before by the same call, when this one has been optimized and the last 24 hours fit them; not another type.",
  preview: (input, target) => callPreview(target, storageCall("tune-storage")(input, target)),
  describes: ({ of, type, iops, throughputMibps }) =>
    `Changes the storage of ${of} to ${[type ?? [], iops === undefined ? [] : `${iops} IOPS`, throughputMibps === undefined ? [] : `${throughputMibps} MiB/s`].flat().join(", ")}`,
  key: ({ of, type = "", iops = "", throughputMibps = "" }) =>
    `tune-storage ${of} ${type} ${iops} ${throughputMibps}`,
});

export const tuneStorage = /* @__PURE__ */ defineAwsAction(
  tuneStorageOffer,
  /* @__PURE__ */ changes(/* @__PURE__ */ storageChange("tune-storage")),
);
