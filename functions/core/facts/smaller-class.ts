import { isBurstable, vcpusOf } from "../context/instance-class.ts";
import { memoryBytesOf } from "./rds-facts.ts";

/** Whether one class has less than another, of vCPUs, memory or CPU without credits; null where a size is not known. */
export function isSmallerClass(from: string, to: string): boolean | null {
  const less = [vcpusOf, memoryBytesOf].map((of) => {
    const [before, after] = [of(from), of(to)];
    return before === null || after === null ? null : after < before;
  });
  if (less.includes(true) || (isBurstable(to) && !isBurstable(from))) return true;
  return less.includes(null) ? null : false;
}
