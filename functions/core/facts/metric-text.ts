import { metricCatalogue } from "../metrics/metric-catalogue.ts";
import { duration } from "../text/wording.ts";
import { bytesText, percentText } from "./rds-facts.ts";
import { rounded } from "./statements.ts";

/** A metric's value in the unit of the catalogue: "488 GiB", "24 %", "25 ms", "41". */
export function metricText(id: string, value: number): string {
  switch (metricCatalogue.find(({ name }) => name === id)?.unit) {
    case "bytes":
      return bytesText(value);
    case "bytes-per-second":
      return `${bytesText(value)} a second`;
    case "percent":
      return percentText(value);
    case "seconds":
      return duration(value);
    default:
      return rounded(value);
  }
}
