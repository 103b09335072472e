import * as z from "zod";
import { shownShape } from "./shown.ts";

/** What goes along with a size is decided where it is proposed; here it is what the call says, no more and no less. */
export const storageInputSchema = z.strictObject({
  ...shownShape,
  fromGib: z.number().int().positive(),
  type: z.string().min(1).exactOptional(),
  sizeGib: z.number().int().positive(),
  iops: z.number().int().positive().exactOptional(),
  throughputMibps: z.number().int().positive().exactOptional(),
  /** Of autoscaling, where the new size would leave the old limit behind. */
  limitGib: z.number().int().positive().exactOptional(),
  /** What a change of before gave it and this one takes back: only while it has this. Without it nothing is lowered. */
  takesBack: z
    .strictObject({
      iops: z.number().int().exactOptional(),
      throughputMibps: z.number().int().exactOptional(),
    })
    .exactOptional(),
});
export type StorageInput = z.infer<typeof storageInputSchema>;

export function storageValues({ type, sizeGib, iops, throughputMibps, limitGib }: StorageInput) {
  return {
    ...(type === undefined ? {} : { StorageType: type }),
    AllocatedStorage: sizeGib,
    ...(iops === undefined ? {} : { Iops: iops }),
    ...(throughputMibps === undefined ? {} : { StorageThroughput: throughputMibps }),
    ...(limitGib === undefined ? {} : { MaxAllocatedStorage: limitGib }),
  };
}
